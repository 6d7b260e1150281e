package dev.athanor.api.internal.bundle;

import dev.athanor.api.internal.bundle.ClassOutline.MethodOutline;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** Reads the code of one method. */
final class CodeVisitor extends MethodVisitor {
    private final String owner;
    private final TypeCollector types = new TypeCollector(new TreeSet<>());
    private final Set<String> ownMethods = new TreeSet<>();
    private boolean makesOwn;

    CodeVisitor(String owner) {
        super(Opcodes.ASM9);
        this.owner = owner;
    }

    TypeCollector types() {
        return types;
    }

    MethodOutline outline() {
        return new MethodOutline(types.types(), ownMethods, makesOwn);
    }

    @Override
    public void visitTypeInsn(int opcode, String type) {
        types.internalName(type);
        makesOwn |= opcode == Opcodes.NEW && type.equals(owner);
    }

    @Override
    public void visitFieldInsn(int opcode, String fieldOwner, String name, String descriptor) {
        types.internalName(fieldOwner);
        types.descriptor(descriptor);
    }

    @Override
    public void visitMethodInsn(
            int opcode, String methodOwner, String name, String descriptor, boolean isInterface) {
        types.internalName(methodOwner);
        types.descriptor(descriptor);
        if (methodOwner.equals(owner)) {
            ownMethods.add(name + descriptor);
        }
    }

    @Override
    public void visitInvokeDynamicInsn(
            String name, String descriptor, Handle bootstrap, Object... arguments) {
        types.descriptor(descriptor);
        types.constant(bootstrap);
        for (Object argument : arguments) {
            constant(argument);
        }
    }

    @Override
    public void visitLdcInsn(Object value) {
        constant(value);
    }

    @Override
    public void visitMultiANewArrayInsn(String descriptor, int dimensions) {
        types.descriptor(descriptor);
    }

    @Override
    public void visitTryCatchBlock(
            Label start, Label end, Label handler, @Nullable String exceptionType) {
        types.internalName(exceptionType);
    }

    private void constant(Object value) {
        types.constant(value);
        if (value instanceof Handle handle && handle.getOwner().equals(owner)) {
            ownMethods.add(handle.getName() + handle.getDesc());
            makesOwn |= handle.getTag() == Opcodes.H_NEWINVOKESPECIAL;
        }
    }
}
