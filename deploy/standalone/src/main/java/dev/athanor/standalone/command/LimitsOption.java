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

    @Option(
            names = "--max-depth",
            paramLabel = "N",
            defaultValue = "${env:ATHANOR_MAX_DEPTH:-8}",
            description =
                    "How deep functions may call one another; 0: not at all. While one waits for"
                            + " others its slot is lent, so up to N more sandboxes may live for"
                            + " each slot. Default: ${DEFAULT-VALUE}.")
    private int maxDepth;

    CallLimits limits() {
        return CallLimits.defaults()
                .withGrace(Duration.ofSeconds(graceSeconds))
                .withPayloadBytes(payloadLimit)
                .withMaxDepth(maxDepth);
    }
}
