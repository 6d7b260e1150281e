package dev.athanor.environment.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.athanor.runtime.protocol.EntryPoint;
import dev.athanor.runtime.protocol.FailureKind;
import dev.athanor.runtime.protocol.MalformedFrameException;
import dev.athanor.runtime.protocol.NestedCallFrame;
import dev.athanor.runtime.protocol.NestedFailedFrame;
import dev.athanor.runtime.protocol.NestedFunction;
import dev.athanor.runtime.protocol.NestedLogFrame;
import dev.athanor.runtime.protocol.NestedOutcome;
import dev.athanor.runtime.protocol.NestedReply;
import dev.athanor.runtime.protocol.Protocol;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OpenNestedCallsTest {
    private static final NestedFunction FUNCTION =
            new NestedFunction(
                    "f",
                    new EntryPoint("A", "b", "()V", 6),
                    "XS",
                    List.of(),
                    List.of(),
                    Map.of(),
                    List.of(),
                    false,
                    true,
                    1,
                    1,
                    1,
                    1,
                    1,
                    true);

    private final OpenNestedCalls open = new OpenNestedCalls(100);

    private static NestedCallFrame call(long id, int bytes) {
        return new NestedCallFrame(1, id, FUNCTION, new byte[bytes]);
    }

    private static NestedReply end(long id) {
        return NestedFailedFrame.of(
                id, NestedOutcome.unknown(""), FailureKind.CANCELLED, "cancelled");
    }

    private void assertRefused(NestedCallFrame call) {
        assertThatExceptionOfType(MalformedFrameException.class).isThrownBy(() -> open.open(call));
    }

    @Test
    void aCallHasRepliesUntilItsEndAndNoneAfter() throws Exception {
        open.open(call(1, 10));

        assertThat(open.admits(new NestedLogFrame(1, List.of()))).isTrue();
        assertThat(open.admits(end(2))).isFalse();
        assertThat(open.admits(end(1))).isTrue();
        assertThat(open.admits(end(1))).isFalse();
        assertThat(open.admits(new NestedLogFrame(1, List.of()))).isFalse();
    }

    @Test
    void moreBytesThanMayBeAreRefusedButForACallThatIsAlone() throws Exception {
        open.open(call(1, 1_000));
        assertRefused(call(2, 1));
        assertThat(open.admits(end(1))).isTrue();

        open.open(call(3, 60));
        assertRefused(call(4, 41));
        open.open(call(5, 40));
    }

    @Test
    void moreCallsThanMayBeAreRefused() throws Exception {
        for (int id = 0; id < Protocol.MAX_NESTED_CALLS; id++) {
            open.open(call(id, 0));
        }

        assertRefused(call(Protocol.MAX_NESTED_CALLS, 0));
    }

    @Test
    void anIdThatIsInUseIsRefused() throws Exception {
        open.open(call(1, 0));

        assertRefused(call(1, 0));
    }
}
