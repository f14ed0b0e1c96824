package io.millrace.bench;

import io.millrace.testkit.Millrace;
import java.nio.file.Files;

/**
 * How many items does a second of CPU move from a source, through one queue hop, into a sink?
 *
 * <pre>mvn -q test-compile exec:exec@bench -Dbench=QueueHopBench -Dbench.args="10000000"</pre>
 *
 * The figures are in {@code src/docs/benchmarks.md}.
 */
public final class QueueHopBench {
    private static final int ROUNDS = 6;

    private QueueHopBench() {}

    public static void main(String[] args) throws Exception {
        long items = args.length > 0 ? Long.parseLong(args[0]) : 10_000_000;
        try (Millrace millrace = new Millrace(Files.createTempDirectory("bench"))) {
            for (int round = 1; round <= ROUNDS; round++) {
                Measured hop =
                        Measured.of(() -> millrace.run("{'source': {'range': " + items + "}, 'sink': 'discard'}"));
                System.out.println(hop.line("range → discard, round " + round, items));
            }
        }
    }
}
