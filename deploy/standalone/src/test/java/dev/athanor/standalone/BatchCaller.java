package dev.athanor.standalone;

import static dev.athanor.api.Athanor.cloud;
import static dev.athanor.api.Athanor.host;
import static dev.athanor.api.Athanor.isolated;
import static dev.athanor.api.Athanor.keepAlive;

import dev.athanor.api.AthanorClient;
import dev.athanor.api.Batch;
import dev.athanor.api.BatchResult;
import dev.athanor.api.IsolatedFunction1;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.BitSet;
import java.util.Iterator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A caller of a batch, as a process of its own with a small heap. */
public final class BatchCaller {
    private static final int INPUT_CHARACTERS = 8_000;

    private BatchCaller() {}

    /** Starts one; it says the batch's id in its first line, and in its last one what came back. */
    static Process start(String kafka, URI dispatcher, int members) throws IOException {
        return new ProcessBuilder(
                        System.getProperty("java.home") + "/bin/java",
                        "-Xmx64m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        BatchCaller.class.getName(),
                        kafka,
                        dispatcher.toString(),
                        Integer.toString(members))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /** Fails, and says why, where a result is missing, comes twice or is another one. */
    public static void main(String[] args) throws IOException {
        int members = Integer.parseInt(args[2]);
        try (AthanorClient client =
                AthanorClient.builder()
                        .bootstrapServers(args[0])
                        .dispatcher(URI.create(args[1]))
                        .build()) {
            IsolatedFunction1<String, Integer> length =
                    isolated(BatchCaller::lengthOf, host(cloud(client)), keepAlive(60));
            Batch<Integer> batch =
                    length.mapJob(
                            IntStream.range(0, members)
                                    .mapToObj(index -> "x".repeat(INPUT_CHARACTERS + index % 7)));
            System.out.println(batch.id());
            BitSet seen = new BitSet();
            try (Stream<BatchResult<Integer>> results = batch.resultsAsCompleted()) {
                for (Iterator<BatchResult<Integer>> each = results.iterator(); each.hasNext(); ) {
                    BatchResult<Integer> result = each.next();
                    if (seen.get(result.index())
                            || result.get() != INPUT_CHARACTERS + result.index() % 7) {
                        throw new IllegalStateException("twice or wrong: " + result);
                    }
                    seen.set(result.index());
                }
            }
            System.out.println(seen.cardinality());
        }
        System.exit(0);
    }

    private static int lengthOf(String text) {
        return text.length();
    }

    /** The next line of a process's output; what it says is in ASCII. */
    static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int each = in.read(); each >= 0 && each != '\n'; each = in.read()) {
            line.append((char) each);
        }
        return line.toString().strip();
    }
}
