package dev.athanor.environment.testing;

import dev.athanor.environment.isolation.Enclosures;
import dev.athanor.environment.isolation.Isolation;
import dev.athanor.environment.sandbox.Sandbox;
import dev.athanor.environment.sandbox.SandboxLauncher;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** A process that starts a sandbox, says so, and waits to be killed. */
public final class LonelyAgent {

    private LonelyAgent() {}

    /** Takes the isolation, and the folders for sockets, work and data. */
    public static void main(String[] args) throws Exception {
        SandboxLauncher launcher =
                Enclosures.launcher(Isolation.valueOf(args[0]), Path.of(args[2]), Path.of(args[1]));
        Sandbox sandbox = launcher.launch(Launchers.specWithData(Path.of(args[3])));
        var unused =
                sandbox.invoke(
                        Calls.of(Functions.ignoringInterrupts()),
                        (stream, text) -> System.out.println(text));
        new CountDownLatch(1).await();
    }
}
