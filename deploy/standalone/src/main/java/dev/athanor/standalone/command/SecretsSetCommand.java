package dev.athanor.standalone.command;

import dev.athanor.agent.secret.SecretName;
import java.io.Console;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Sets a secret. */
@Command(
        name = "set",
        mixinStandardHelpOptions = true,
        description = {
            "Sets a secret, to a value that is read from standard input, or asked for on a terminal:",
            "a value among the arguments would show in the list of processes and in the shell's history.",
            "One line end after the value is not part of it. Sandboxes that start from now on have the"
                    + " new value; hot ones are not used for calls any more."
        })
final class SecretsSetCommand implements Callable<Integer> {
    @SuppressWarnings("FieldCanBeFinal") // Picocli assigns it.
    @Parameters(paramLabel = "NAME", description = "As the environment variable is to be called.")
    private String name = "";

    @Mixin private final SecretsOptions options = new SecretsOptions();

    @Override
    public Integer call() throws InterruptedException, IOException {
        SecretName secret = new SecretName(options.tenant(), name);
        String value = value();
        return options.run(store -> {
            store.set(secret, value);
            System.out.printf("Secret %s of tenant %s is set.%n", name, options.tenant());
            return 0;
        });
    }

    @SuppressWarnings("SystemConsoleNull") // It is in JDK 25 again, without a terminal.
    private String value() throws IOException {
        Console console = System.console();
        if (console != null && console.isTerminal()) {
            char[] typed = console.readPassword("Value of %s (not shown): ", name);
            return typed == null ? "" : new String(typed);
        }
        String text = new String(System.in.readAllBytes(), StandardCharsets.UTF_8);
        return text.replaceFirst("\\r?\\n\\z", "");
    }
}
