package dev.athanor.api.internal.payload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.athanor.api.Function0;
import dev.athanor.api.TooLargeException;
import dev.athanor.api.UnserializableException;
import dev.athanor.runtime.protocol.PlainValues;
import java.io.ByteArrayInputStream;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ArgumentsTest {
    record Customer(String name, Object connection) implements Serializable {}

    record Order(Customer customer, List<Object> lines, Map<String, Object> extra)
            implements Serializable {}

    static final class Connection {}

    static final class Linked implements Serializable {
        private static final long serialVersionUID = 1L;
        Linked next;
    }

    @Test
    void capturedValuesComeBeforeArguments() throws Exception {
        Arguments arguments =
                Arguments.write("f", Arrays.asList("captured", null), new Object[] {1, null});

        assertThat((Object[]) PlainValues.read(arguments.bytes()))
                .containsExactly("captured", null, 1, null);
        assertThat(arguments.classes()).isEmpty();
    }

    @Test
    void whatIsNoPlainValueIsSerialized() throws Exception {
        Arguments arguments =
                Arguments.write(
                        "f", Arrays.asList("captured", null), new Object[] {List.of(1), null});

        Object[] read =
                (Object[])
                        new ObjectInputStream(new ByteArrayInputStream(arguments.bytes()))
                                .readObject();

        assertThat(read).containsExactly("captured", null, List.of(1), null);
        assertThat(arguments.classes()).isEmpty();
    }

    @Test
    void classesOfTheCallerAreNoted() {
        Function0<String> lambda = () -> "x";
        Arguments arguments =
                Arguments.write(
                        "f",
                        List.of((Object) new Customer[] {new Customer("a", null)}),
                        new Object[] {lambda, List.of(1)});

        assertThat(arguments.classes())
                .contains(
                        Customer.class.getName().replace('.', '/'),
                        ArgumentsTest.class.getName().replace('.', '/'))
                .noneMatch(name -> name.startsWith("java/"));
    }

    @Test
    void unserializableArgumentsAreNamed() {
        assertRefused(
                List.of(),
                new Object[] {"fine", new Connection()},
                "shout: argument 2 ("
                        + Connection.class.getName()
                        + ") is not java.io.Serializable");
    }

    @Test
    void unserializableCapturedValuesAreNamedWithAHint() {
        assertRefused(
                List.of("fine", new Connection()),
                new Object[] {},
                "shout: captured value 2 ("
                        + Connection.class.getName()
                        + ") is not java.io.Serializable: a lambda that uses fields or methods of its"
                        + " object captures that object; use local variables instead");
    }

    @Test
    void unserializablePartsAreNamedByTheirPath() {
        Customer customer = new Customer("a", new Connection());

        assertRefused(
                List.of(),
                new Object[] {new Order(customer, List.of(), Map.of())},
                "argument 1.customer.connection (");
        assertRefused(
                List.of(),
                new Object[] {new Order(null, List.of(1, new Connection()), Map.of())},
                "argument 1.lines[1] (");
        assertRefused(
                List.of(),
                new Object[] {new Order(null, List.of(), Map.of("db", new Connection()))},
                "argument 1.extra[db] (");
        assertRefused(List.of(), new Object[] {new Object[] {new Connection()}}, "argument 1[0] (");
    }

    @Test
    void argumentsNestedTooDeepAreRefused() {
        Linked first = new Linked();
        Linked last = first;
        for (int i = 0; i < 200_000; i++) {
            last.next = new Linked();
            last = last.next;
        }
        Object[] arguments = {first};

        assertThatExceptionOfType(UnserializableException.class)
                .isThrownBy(() -> Arguments.write("shout", List.of(), arguments))
                .withMessageContaining("StackOverflowError");
    }

    @Test
    void argumentsOverTheLimitAreRefused() {
        byte[] half = new byte[40 * 1024 * 1024];

        assertThatExceptionOfType(TooLargeException.class)
                .isThrownBy(
                        () -> Arguments.write("shout", List.of(half), new Object[] {half.clone()}))
                .withMessageContaining("shout")
                .withMessageContaining("67,108,864");
    }

    private static void assertRefused(List<Object> captured, Object[] arguments, String message) {
        assertThatExceptionOfType(UnserializableException.class)
                .isThrownBy(() -> Arguments.write("shout", captured, arguments))
                .withMessageContaining(message);
    }
}
