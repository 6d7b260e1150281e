package dev.athanor.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MessagesTest {

    @Test
    void aMissingClassIsNamedWithWhatToDo() {
        assertThat(Messages.describe(new NoClassDefFoundError("com/acme/Jokes")))
                .startsWith("java.lang.NoClassDefFoundError: com/acme/Jokes")
                .contains("add the requirement that contains it");
    }

    @Test
    void aLookUpThatFailedForAMissingClassTellsOfThatClass() {
        NoSuchMethodException failed = new NoSuchMethodException("no such method: Acme.tell");
        NoClassDefFoundError missing = new NoClassDefFoundError("com/acme/Jokes");
        failed.initCause(missing);

        assertThat(Messages.linkageCause(failed)).isSameAs(missing);
    }

    @Test
    void anyOtherFailureSpeaksForItself() {
        NoSuchMethodException failed = new NoSuchMethodException("no such method: Acme.tell");
        failed.initCause(new IllegalStateException());

        assertThat(Messages.linkageCause(failed)).isSameAs(failed);
    }

    @Test
    void aMessageThatThrowsIsNoFailure() {
        RuntimeException hostile =
                new RuntimeException() {
                    private static final long serialVersionUID = 1L;

                    @Override
                    public String getMessage() {
                        throw new IllegalStateException();
                    }
                };

        assertThat(Messages.of(hostile)).contains("its getMessage threw");
    }
}
