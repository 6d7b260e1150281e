package dev.athanor.api.internal.bundle;

import dev.athanor.api.internal.bundle.ClassOutline.MethodOutline;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.FieldVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.RecordComponentVisitor;

/** Reads a class file into its outline. */
final class OutlineVisitor extends ClassVisitor {
    private final Set<String> linked = new TreeSet<>();
    private final Set<String> neighbours = new TreeSet<>();
    private final TypeCollector shell = new TypeCollector(new TreeSet<>());
    private final Map<String, CodeVisitor> methods = new HashMap<>();
    private String name = "";

    OutlineVisitor() {
        super(Opcodes.ASM9);
    }

    ClassOutline outline() {
        Map<String, MethodOutline> outlines = new HashMap<>();
        methods.forEach((key, method) -> outlines.put(key, method.outline()));
        return new ClassOutline(linked, shell.types(), neighbours, outlines);
    }

    @Override
    public void visit(
            int version,
            int access,
            String name,
            @Nullable String signature,
            @Nullable String superName,
            String @Nullable [] interfaces) {
        this.name = name;
        TypeCollector supertypes = new TypeCollector(linked);
        supertypes.internalName(superName);
        supertypes.internalNames(interfaces);
        shell.signature(signature);
    }

    @Override
    public void visitNestHost(String nestHost) {
        neighbours.add(nestHost);
    }

    @Override
    public void visitOuterClass(
            String owner, @Nullable String methodName, @Nullable String descriptor) {
        neighbours.add(owner);
    }

    @Override
    public void visitPermittedSubclass(String permittedSubclass) {
        shell.internalName(permittedSubclass);
    }

    @Override
    public @Nullable RecordComponentVisitor visitRecordComponent(
            String component, String descriptor, @Nullable String signature) {
        shell.descriptor(descriptor);
        shell.signature(signature);
        return null;
    }

    @Override
    public @Nullable FieldVisitor visitField(
            int access,
            String field,
            String descriptor,
            @Nullable String signature,
            @Nullable Object value) {
        shell.descriptor(descriptor);
        shell.signature(signature);
        return null;
    }

    @Override
    public MethodVisitor visitMethod(
            int access,
            String method,
            String descriptor,
            @Nullable String signature,
            String @Nullable [] exceptions) {
        CodeVisitor code = new CodeVisitor(name);
        code.types().descriptor(descriptor);
        code.types().signature(signature);
        code.types().internalNames(exceptions);
        methods.put(method + descriptor, code);
        return code;
    }
}
