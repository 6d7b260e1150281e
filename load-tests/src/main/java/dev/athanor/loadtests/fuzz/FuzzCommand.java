package dev.athanor.loadtests.fuzz;

import dev.athanor.loadtests.process.TemporaryFolder;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Random;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Writes damaged and hostile records to every topic that a part of Athanor reads. */
@Command(
        name = "fuzz",
        mixinStandardHelpOptions = true,
        description = {
            "Damaged, hostile and meaningless records on every topic that is read.",
            "Real records are mutated and written back; afterwards every slot must serve, and every"
                    + " record of the queue be accounted for.",
            "Last line: fuzz records=<written> missing=<of the queue, unaccounted>"
                    + " group-dead-letters=<given up by Kafka> slots=<serving>/<all> whole=<no thread"
                    + " died> seed=<>. Status 1 when anything is wrong."
        })
public final class FuzzCommand implements Callable<Integer> {
    private static final long QUICK_RECORDS = 5_000;

    @Option(names = "--quick", description = "5,000 records, unless --records says otherwise.")
    private boolean quick;

    @Option(
            names = "--records",
            paramLabel = "N",
            description = "How many records. Default: 1000000.")
    private @Nullable Long records;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Decides on all of them. Default: another one each time.")
    private @Nullable Long seed;

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintStream out = System.out;
        long count = records != null ? records : quick ? QUICK_RECORDS : 1_000_000;
        if (count < 1) {
            throw new IllegalArgumentException("--records must be 1 or more, got " + count);
        }
        long chosenSeed = seed == null ? new Random().nextInt(1_000_000) : seed;
        out.printf("%,d records, seed %d%n", count, chosenSeed);
        try (TemporaryFolder folder = TemporaryFolder.create("athanor-fuzz-")) {
            FuzzFindings findings = FuzzRun.run(count, chosenSeed, folder.path(), out);
            out.printf(
                    "of %,d records for the queue %,d were dead-lettered, %,d ended with a reply%n",
                    findings.invocations(), findings.deadLetters(), findings.ended());
            out.printf(
                    "fuzz records=%d missing=%d group-dead-letters=%d slots=%d/%d whole=%b seed=%d%n",
                    findings.records(),
                    findings.missing(),
                    findings.groupDeadLetters(),
                    findings.slotsServing(),
                    FuzzCluster.SLOTS,
                    findings.whole(),
                    chosenSeed);
            return findings.allHold() ? 0 : 1;
        }
    }
}
