package dev.athanor.api.internal.code;

import static dev.athanor.api.Athanor.isolated;
import static dev.athanor.api.Athanor.isolated1;
import static dev.athanor.api.Athanor.isolatedVoid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.athanor.api.Function1;
import dev.athanor.api.InvalidFunctionException;
import dev.athanor.api.IsolatedFunction1;
import dev.athanor.api.Option;
import dev.athanor.fixtures.CalleeCatcher;
import java.io.Serializable;
import java.lang.invoke.MethodHandleInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class FunctionCodeTest implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final String THIS = FunctionCodeTest.class.getName();

    interface Shape {
        String outline();
    }

    record Circle(int radius) implements Shape, Serializable {
        @Override
        public String outline() {
            return "circle " + radius;
        }
    }

    static class Shout implements Function1<String, String> {
        private static final long serialVersionUID = 1L;

        @Override
        public String call(String text) {
            return text + "!";
        }
    }

    enum Fixed implements Function1<String, String> {
        INSTANCE;

        @Override
        public String call(String text) {
            return text;
        }
    }

    @Test
    void staticMethods() {
        FunctionCode code =
                code(host -> {
                    IsolatedFunction1<String, Integer> parse = isolated1(Integer::parseInt, host);
                    return parse.submit("1");
                });

        assertThat(code.owner()).isEqualTo("java.lang.Integer");
        assertThat(code.name()).isEqualTo("parseInt");
        assertThat(code.descriptor()).isEqualTo("(Ljava/lang/String;)I");
        assertThat(code.referenceKind()).isEqualTo(MethodHandleInfo.REF_invokeStatic);
        assertThat(code.captured()).isEmpty();
        assertThat(code.rootClass()).isEqualTo("java.lang.Integer");
        assertThat(code.writtenIn()).isEqualTo(THIS);
        assertThat(code.isStatic()).isTrue();
        assertThat(code.displayName()).isEqualTo("Integer.parseInt");
    }

    @Test
    void instanceMethods() {
        FunctionCode code = code(host -> isolated(String::length, host).submit("1"));

        assertThat(code.owner()).isEqualTo("java.lang.String");
        assertThat(code.name()).isEqualTo("length");
        assertThat(code.referenceKind()).isEqualTo(MethodHandleInfo.REF_invokeVirtual);
    }

    @Test
    void interfaceMethods() {
        FunctionCode code = code(host -> isolated(Shape::outline, host).submit(new Circle(1)));

        assertThat(code.owner()).isEqualTo(Shape.class.getName());
        assertThat(code.referenceKind()).isEqualTo(MethodHandleInfo.REF_invokeInterface);
    }

    @Test
    void constructors() {
        FunctionCode code = code(host -> isolated(Circle::new, host).submit(1));

        assertThat(code.owner()).isEqualTo(Circle.class.getName());
        assertThat(code.name()).isEqualTo("<init>");
        assertThat(code.referenceKind()).isEqualTo(MethodHandleInfo.REF_newInvokeSpecial);
        assertThat(code.isStatic()).isFalse();
    }

    @Test
    void boundReceiversAreTheFirstCapturedValue() {
        Circle circle = new Circle(3);

        FunctionCode code = code(host -> isolated(circle::outline, host).submit());

        assertThat(code.captured()).containsExactly(circle);
        assertThat(code.name()).isEqualTo("outline");
    }

    @Test
    void lambdas() {
        FunctionCode code = code(host -> isolated((String a) -> a + "!", host).submit("x"));

        assertThat(code.owner()).isEqualTo(THIS);
        assertThat(code.name()).startsWith("lambda$");
        assertThat(code.referenceKind()).isEqualTo(MethodHandleInfo.REF_invokeStatic);
        assertThat(code.captured()).isEmpty();
        assertThat(code.displayName()).isEqualTo("FunctionCodeTest.lambdas");
    }

    @Test
    void lambdasCaptureValuesInOrder() {
        List<String> names = new ArrayList<>(List.of("a"));
        int factor = 3;
        String nothing = null;

        FunctionCode code =
                code(host -> isolated(() -> names.size() * factor + nothing, host).submit());

        assertThat(code.captured()).containsExactly(names, factor, null);
    }

    @Test
    void lambdasThatUseTheirObjectCaptureIt() {
        FunctionCode code = code(host -> isolated(() -> helper(), host).submit());

        assertThat(code.captured()).containsExactly(this);
        assertThat(code.isStatic()).isFalse();
    }

    @Test
    void privateMethodsAndProcedures() {
        FunctionCode code = code(host -> isolatedVoid(FunctionCodeTest::hidden, host).submit("x"));

        assertThat(code.owner()).isEqualTo(THIS);
        assertThat(code.name()).isEqualTo("hidden");
        assertThat(code.descriptor()).isEqualTo("(Ljava/lang/String;)V");
    }

    @Test
    void objectsOfAClassAreReceiversOfTheInterface() {
        Shout shout = new Shout();

        FunctionCode code = code(host -> isolated(shout, host).submit("x"));

        assertThat(code.owner()).isEqualTo(Function1.class.getName());
        assertThat(code.name()).isEqualTo("call");
        assertThat(code.descriptor()).isEqualTo("(Ljava/lang/Object;)Ljava/lang/Object;");
        assertThat(code.referenceKind()).isEqualTo(MethodHandleInfo.REF_invokeInterface);
        assertThat(code.captured()).containsExactly(shout);
        assertThat(code.rootClass()).isEqualTo(Shout.class.getName());
    }

    @Test
    void enumConstantsAreObjectsToo() {
        FunctionCode code = code(host -> isolated(Fixed.INSTANCE, host).submit("x"));

        assertThat(code.captured()).containsExactly(Fixed.INSTANCE);
    }

    @Test
    void objectsThatCannotBeToldAreRefused() {
        Function1<String, String> broken =
                new Function1<>() {
                    private static final long serialVersionUID = 1L;

                    private Object writeReplace() {
                        throw new IllegalStateException("not me");
                    }

                    @Override
                    public String call(String a) {
                        return writeReplace() + a;
                    }
                };

        assertThatExceptionOfType(InvalidFunctionException.class)
                .isThrownBy(() -> code(host -> isolated(broken, host).submit("x")))
                .withMessageContaining("not me");
    }

    private String helper() {
        return "helped";
    }

    private static void hidden(String text) {}

    private static FunctionCode code(Function<Option, CompletableFuture<?>> call) {
        return FunctionCode.of(CalleeCatcher.caught(call));
    }
}
