package dev.athanor.environment.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.athanor.runtime.protocol.MalformedFrameException;
import dev.athanor.runtime.protocol.PayloadCodec;
import dev.athanor.runtime.protocol.ValueFrame;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunningCallTest {
    private final List<Long> values = new ArrayList<>();

    @Test
    void valuesPassInOrderAsFarAsTheyWereGranted() throws Exception {
        RunningCall call = call(2);

        call.value(value(0));
        call.value(value(1));

        assertThatThrownBy(() -> call.value(value(2))).isInstanceOf(MalformedFrameException.class);
        call.grant(1);
        assertThatThrownBy(() -> call.value(value(2))).isInstanceOf(MalformedFrameException.class);
        call.grant(3);
        assertThatThrownBy(() -> call.value(value(1))).isInstanceOf(MalformedFrameException.class);
        call.value(value(2));
        assertThat(values).containsExactly(0L, 1L, 2L);
    }

    @Test
    void aFunctionWithOneResultYieldsNothing() {
        RunningCall call = call(0);

        assertThatThrownBy(() -> call.value(value(0))).isInstanceOf(MalformedFrameException.class);
    }

    private RunningCall call(int window) {
        ValueSink sink =
                new ValueSink() {
                    @Override
                    public int window() {
                        return window;
                    }

                    @Override
                    public void value(long index, byte codec, byte[] bytes) {
                        values.add(index);
                    }
                };
        return new RunningCall(
                7, "id", (stream, text) -> {}, NestedCalls.none(), new OpenNestedCalls(0), sink);
    }

    private static ValueFrame value(long index) {
        return new ValueFrame(7, index, PayloadCodec.PICKLE, new byte[0]);
    }
}
