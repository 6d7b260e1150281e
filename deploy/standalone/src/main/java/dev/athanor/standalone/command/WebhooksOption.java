package dev.athanor.standalone.command;

import picocli.CommandLine.Option;

/** The option that says which addresses may be told of ends of jobs. */
final class WebhooksOption {
    @Option(
            names = "--allow-private-webhooks",
            defaultValue = "${env:ATHANOR_ALLOW_PRIVATE_WEBHOOKS:-false}",
            description =
                    "Whether webhooks of jobs may be addresses of private networks, this machine's own"
                            + " included. Default: ${DEFAULT-VALUE}.")
    private boolean isPrivateAllowed;

    boolean isPrivateAllowed() {
        return isPrivateAllowed;
    }
}
