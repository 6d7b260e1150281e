package dev.athanor.environment.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.athanor.environment.sandbox.CallResult;
import dev.athanor.environment.sandbox.SandboxSpec;
import dev.athanor.environment.testing.Calls;
import dev.athanor.environment.testing.Functions;
import dev.athanor.environment.testing.Launchers;
import dev.athanor.environment.testing.RecordedLines;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class HotPoolIT {

    @Test
    void keepsAProcessForItsKeepAliveAndNoLonger() throws Exception {
        try (Launchers launchers = new Launchers();
                HotPool pool = new HotPool(launchers.launcher(), 2, System::nanoTime)) {
            SandboxSpec spec = launchers.spec("S");
            PooledSandbox cold = pool.start(spec);
            long pid = pid(cold);
            cold.release(Duration.ofSeconds(30));

            PooledSandbox hot = pool.tryHot(spec.key()).orElseThrow();
            assertThat(pid(hot)).isEqualTo(pid);
            hot.release(Duration.ofSeconds(30));

            PooledSandbox brief = pool.start(spec);
            assertThat(brief.hot()).isTrue();
            PooledSandbox other = pool.start(spec);
            long otherPid = pid(other);
            assertThat(otherPid).isNotEqualTo(pid);
            other.release(Duration.ofMillis(500));
            assertThat(ProcessHandle.of(otherPid)).isPresent();

            await().until(() -> {
                pool.expire();
                return ProcessHandle.of(otherPid).isEmpty();
            });
            assertThat(pool.status()).hasSize(1);
            brief.discard();
            assertThat(pool.status()).isEmpty();
        }
    }

    private static long pid(PooledSandbox pooled) throws Exception {
        CallResult.Succeeded result =
                (CallResult.Succeeded)
                        pooled.sandbox()
                                .invoke(Calls.of(Functions.pid()), new RecordedLines())
                                .get();
        return (Long) Calls.read(result.bytes());
    }
}
