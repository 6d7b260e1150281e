package dev.athanor.standalone.command;

import dev.athanor.agent.secret.SecretName;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Deletes a secret. */
@Command(
        name = "delete",
        mixinStandardHelpOptions = true,
        description =
                "Deletes a secret: calls of functions that name it are refused from now on. Sandboxes"
                        + " that have it keep it until they end.")
final class SecretsDeleteCommand implements Callable<Integer> {
    @SuppressWarnings("FieldCanBeFinal") // Picocli assigns it.
    @Parameters(paramLabel = "NAME", description = "Which one.")
    private String name = "";

    @Mixin private final SecretsOptions options = new SecretsOptions();

    @Override
    public Integer call() throws InterruptedException {
        SecretName secret = new SecretName(options.tenant(), name);
        return options.run(store -> {
            if (store.delete(secret)) {
                System.out.printf("Secret %s of tenant %s is deleted.%n", name, options.tenant());
                return 0;
            }
            System.err.printf(
                    "athanor: tenant %s has no secret %s: `athanor secrets list` shows those that it"
                            + " has.%n",
                    options.tenant(), name);
            return 1;
        });
    }
}
