package dev.athanor.standalone.command;

import dev.athanor.agent.call.CallLimits;
import java.time.Duration;
import picocli.CommandLine.Option;

/** The options that say what an agent allows its calls, beside what each sets for itself. */
final class LimitsOption {
    @Option(
            names = "--payload-limit",
            paramLabel = "BYTES",
            defaultValue = "${env:ATHANOR_PAYLOAD_LIMIT:-67108864}",
            description =
                    "Largest arguments and largest result of a call, 1 to 1073741824. A slot holds"
                            + " both in memory. Default: ${DEFAULT-VALUE}.")
    private long payloadLimit;

    @Option(
            names = "--grace-seconds",
            paramLabel = "SECONDS",
            defaultValue = "${env:ATHANOR_GRACE_SECONDS:-5}",
            description =
                    "How long a call that was cancelled or ran too long may take to end after its"
                            + " interrupt; its sandbox is ended then. Default: ${DEFAULT-VALUE}.")
    private long graceSeconds;

    CallLimits limits() {
        return CallLimits.defaults()
                .withGrace(Duration.ofSeconds(graceSeconds))
                .withPayloadBytes(payloadLimit);
    }
}
