package dev.athanor.environment.testing;

import dev.athanor.environment.data.NamedData;
import dev.athanor.environment.limits.NoLimits;
import dev.athanor.environment.sandbox.CallResult;
import dev.athanor.environment.sandbox.ProcessLauncher;
import dev.athanor.environment.sandbox.Sandbox;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** A process that starts a sandbox, prints its pid, and waits to be killed. */
public final class LonelyAgent {

    private LonelyAgent() {}

    /** Takes the folder for sockets and the one for work. */
    public static void main(String[] args) throws Exception {
        ProcessLauncher launcher =
                new ProcessLauncher(
                        ProcessLauncher.ownJava(),
                        ProcessLauncher.ownRuntime(),
                        Path.of(args[0]),
                        Path.of(args[1]),
                        new NoLimits("a test"),
                        new NamedData("a test"));
        Sandbox sandbox = launcher.launch(Launchers.spec("S"));
        CallResult result = sandbox.invoke(Calls.of(Functions.pid()), (stream, text) -> {}).get();
        if (result instanceof CallResult.Succeeded succeeded) {
            var unused = sandbox.invoke(Calls.of(Functions.ignoringInterrupts()), (s, t) -> {});
            System.out.println(Calls.read(succeeded.bytes()));
        }
        new CountDownLatch(1).await();
    }
}
