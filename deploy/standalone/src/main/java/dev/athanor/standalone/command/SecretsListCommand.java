package dev.athanor.standalone.command;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Lists secrets. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        description = "Prints the names of the tenant's secrets, and when each was set.")
final class SecretsListCommand implements Callable<Integer> {
    @Mixin private final SecretsOptions options = new SecretsOptions();

    @Override
    public Integer call() throws InterruptedException {
        return options.run(store -> {
            store.list(options.tenant())
                    .forEach((name, setAt) -> System.out.printf("%s\t%s%n", name, setAt));
            return 0;
        });
    }
}
