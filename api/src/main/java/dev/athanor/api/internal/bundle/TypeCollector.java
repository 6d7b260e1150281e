package dev.athanor.api.internal.bundle;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ConstantDynamic;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.signature.SignatureReader;
import org.objectweb.asm.signature.SignatureVisitor;

/** Collects the internal names of classes out of descriptors, signatures and constants. */
record TypeCollector(Set<String> types) {
    void internalName(@Nullable String name) {
        if (name != null) {
            type(Type.getObjectType(name));
        }
    }

    void internalNames(String @Nullable [] names) {
        if (names != null) {
            for (String name : names) {
                internalName(name);
            }
        }
    }

    void descriptor(String descriptor) {
        type(Type.getType(descriptor));
    }

    void signature(@Nullable String signature) {
        if (signature != null) {
            new SignatureReader(signature).accept(new SignatureTypes());
        }
    }

    void constant(Object value) {
        if (value instanceof Type type) {
            type(type);
        } else if (value instanceof Handle handle) {
            internalName(handle.getOwner());
            descriptor(handle.getDesc());
        } else if (value instanceof ConstantDynamic dynamic) {
            descriptor(dynamic.getDescriptor());
            constant(dynamic.getBootstrapMethod());
            for (int i = 0; i < dynamic.getBootstrapMethodArgumentCount(); i++) {
                constant(dynamic.getBootstrapMethodArgument(i));
            }
        }
    }

    private void type(Type type) {
        switch (type.getSort()) {
            case Type.ARRAY -> type(type.getElementType());
            case Type.OBJECT -> types.add(type.getInternalName());
            case Type.METHOD -> {
                type(type.getReturnType());
                for (Type argument : type.getArgumentTypes()) {
                    type(argument);
                }
            }
            default -> {}
        }
    }

    private final class SignatureTypes extends SignatureVisitor {
        private String outer = "";

        SignatureTypes() {
            super(Opcodes.ASM9);
        }

        @Override
        public void visitClassType(String name) {
            outer = name;
            internalName(name);
        }

        @Override
        public void visitInnerClassType(String name) {
            outer = outer + "$" + name;
            internalName(outer);
        }

        /** Type arguments come before a further inner class: each needs a name of its own. */
        @Override
        public SignatureVisitor visitTypeArgument(char wildcard) {
            return new SignatureTypes();
        }
    }
}
