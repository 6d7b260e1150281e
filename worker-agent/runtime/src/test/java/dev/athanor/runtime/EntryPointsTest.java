package dev.athanor.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.athanor.runtime.protocol.EntryPoint;
import java.io.Serializable;
import java.lang.invoke.MethodHandleInfo;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class EntryPointsTest {

    interface SerializableSupplier<R> extends Supplier<R>, Serializable {}

    interface SerializableFunction<A, R> extends Function<A, R>, Serializable {}

    interface SerializableBiFunction<A, B, R> extends BiFunction<A, B, R>, Serializable {}

    interface Greeter {
        String greet(String name);

        default SerializableFunction<String, String> privately() {
            return this::secretly;
        }

        private String secretly(String name) {
            return "psst " + name;
        }
    }

    record Polite(String word) implements Greeter, Serializable {
        @Override
        public String greet(String name) {
            return word + " " + name;
        }

        private String shout(String name) {
            return greet(name).toUpperCase(Locale.ROOT);
        }

        SerializableFunction<String, String> shouting() {
            return this::shout;
        }

        SerializableFunction<String, String> lambda() {
            return name -> word + "! " + shout(name);
        }
    }

    private final EntryPoints entryPoints = new EntryPoints(getClass().getClassLoader());

    @Test
    void callsAStaticLambdaBody() throws Throwable {
        SerializableSupplier<String> lambda = () -> "Hello World";

        assertKind(lambda, MethodHandleInfo.REF_invokeStatic);
        assertThat(call(lambda)).isEqualTo("Hello World");
    }

    @Test
    void callsALambdaBodyWithCapturedValues() throws Throwable {
        String prefix = "a";
        long number = 3;
        SerializableFunction<String, String> lambda = suffix -> prefix + number + suffix;

        assertThat(call(lambda, "b")).isEqualTo("a3b");
    }

    @Test
    void callsAnInstanceLambdaBodyWithItsReceiver() throws Throwable {
        assertThat(call(new Polite("hi").lambda(), "you")).isEqualTo("hi! HI YOU");
    }

    @Test
    void callsAStaticMethod() throws Throwable {
        SerializableFunction<String, Integer> parse = Integer::parseInt;

        assertKind(parse, MethodHandleInfo.REF_invokeStatic);
        assertThat(call(parse, "42")).isEqualTo(42);
    }

    @Test
    void callsAVirtualMethodUnboundAndBound() throws Throwable {
        SerializableFunction<String, Integer> unbound = String::length;
        SerializableSupplier<Integer> bound = "hello"::length;

        assertKind(unbound, MethodHandleInfo.REF_invokeVirtual);
        assertThat(call(unbound, "four")).isEqualTo(4);
        assertThat(call(bound)).isEqualTo(5);
    }

    @Test
    void callsAnInterfaceMethod() throws Throwable {
        SerializableBiFunction<Greeter, String, String> greet = Greeter::greet;

        assertKind(greet, MethodHandleInfo.REF_invokeInterface);
        assertThat(call(greet, new Polite("hi"), "you")).isEqualTo("hi you");
    }

    @Test
    void callsAPrivateMethod() throws Throwable {
        assertThat(call(new Polite("hi").shouting(), "you")).isEqualTo("HI YOU");
    }

    @Test
    void callsAPrivateMethodOfAnInterface() throws Throwable {
        assertThat(call(new Polite("hi").privately(), "you")).isEqualTo("psst you");
    }

    @Test
    void callsAPrivateMethodAsSpecial() throws Throwable {
        EntryPoint special =
                new EntryPoint(
                        Polite.class.getName(),
                        "shout",
                        "(Ljava/lang/String;)Ljava/lang/String;",
                        MethodHandleInfo.REF_invokeSpecial);

        Object result = entryPoints.find(special).invoke(new Object[] {new Polite("hi"), "you"});

        assertThat(result).isEqualTo("HI YOU");
    }

    @Test
    void callsAConstructor() throws Throwable {
        SerializableFunction<String, Polite> create = Polite::new;

        assertKind(create, MethodHandleInfo.REF_newInvokeSpecial);
        assertThat(call(create, "hey")).isEqualTo(new Polite("hey"));
        assertThat(call((SerializableSupplier<List<String>>) ArrayList::new)).isEqualTo(List.of());
    }

    @Test
    void callsAMethodThatTakesAnArrayAsItsOnlyArgument() throws Throwable {
        SerializableFunction<Object[], List<Object>> asList = Arrays::asList;

        assertThat(call(asList, (Object) new Object[] {1, 2})).isEqualTo(List.of(1, 2));
    }

    @Test
    void returnsNullForVoid() throws Throwable {
        EntryPoint gc = new EntryPoint("java/lang/System", "gc", "()V", 6);

        assertThat(entryPoints.find(gc).invoke(new Object[0])).isNull();
    }

    @Test
    void remembersWhatItFound() throws ReflectiveOperationException {
        EntryPoint gc = new EntryPoint("java.lang.System", "gc", "()V", 6);

        assertThat(entryPoints.find(gc)).isSameAs(entryPoints.find(gc));
    }

    @Test
    void saysWhatIsMissing() {
        assertMissing(new EntryPoint("no.such.Thing", "x", "()V", 6), "no.such.Thing");
        assertMissing(new EntryPoint("java/lang/System", "x", "()V", 6), "x");
        assertMissing(new EntryPoint("java/lang/System", "gc", "()V", 1), "reference kind 1");
    }

    private Object call(Serializable lambda, Object... arguments) throws Throwable {
        return entryPoints
                .find(Lambdas.entryPoint(lambda))
                .invoke(Lambdas.values(lambda, arguments));
    }

    private static void assertKind(Serializable lambda, int kind) {
        assertThat(Lambdas.entryPoint(lambda).referenceKind()).isEqualTo(kind);
    }

    private void assertMissing(EntryPoint entryPoint, String message) {
        assertThatExceptionOfType(ReflectiveOperationException.class)
                .isThrownBy(() -> entryPoints.find(entryPoint))
                .withMessageContaining(message);
    }
}
