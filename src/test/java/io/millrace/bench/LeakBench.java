package io.millrace.bench;

import io.millrace.leak.Cancelling;
import java.nio.file.Files;
import java.util.List;

/**
 * Do 100,000 cancelled items of each kind of work leave anything behind? {@code LeakTest} asks the same of 100,000 in all.
 *
 * <pre>mvn -q test-compile exec:exec@bench -Dbench=LeakBench -Dbench.jvm=-Dleak.minutes=60 -Dbench.args="100000"</pre>
 *
 * <p>Kind by kind: what there is more of afterwards than before, once that has settled; nothing, if all is well. The second argument
 * names the kinds, separated by commas; without it all are tried. A process takes some milliseconds to start and to end, so the whole takes hours.
 */
public final class LeakBench {
    private LeakBench() {}

    public static void main(String[] args) throws Exception {
        int items = args.length > 0 ? Integer.parseInt(args[0]) : 100_000;
        try (Cancelling cancelling = new Cancelling(Files.createTempDirectory("bench"))) {
            Cancelling.Running run = cancelling.start();
            run.cancel(kind -> 60);
            for (String kind : args.length > 1 ? List.of(args[1].split(",")) : cancelling.kinds()) {
                long start = System.nanoTime();
                System.out.printf("%-12s %s", kind, run.residueOf(kind, items));
                System.out.printf(" (%.1f s)%n", (System.nanoTime() - start) / 1e9);
            }
            run.abort(100);
        }
    }
}
