package io.millrace.bench;

import io.millrace.testkit.Millrace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * How many items a second go through one co-process that answers each line with itself, in Python, with the default window?
 *
 * <p>Run {@code main} with the number of items. Last figures, three rounds of 500,000 in one JVM on 2 cores that others used
 * too (load 6): 90 k, 144 k, 200 k items/s; 260 k at best.
 */
public final class CoprocessBenchmark {
    private static final String ECHO = """
            import sys
            for line in sys.stdin:
                sys.stdout.write(line)
                sys.stdout.flush()
            """;

    private CoprocessBenchmark() {}

    public static void main(String[] args) throws IOException {
        int items = args.length > 0 ? Integer.parseInt(args[0]) : 500_000;
        int processes = args.length > 1 ? Integer.parseInt(args[1]) : 1;
        Path directory = Files.createTempDirectory("coprocess");
        Files.writeString(directory.resolve("echo.py"), ECHO);
        try (Millrace millrace = new Millrace(directory)) {
            for (int round = 0; round < 3; round++) {
                long before = System.nanoTime();
                millrace.run("{'source': {'range': " + items
                        + "}, 'concurrency': 1024, 'steps': [{'exec': {'command': ['python3', 'echo.py'],"
                        + " 'mode': 'coprocess', 'processes': " + processes + "}}], 'sink': 'discard'}");
                Duration took = Duration.ofNanos(System.nanoTime() - before);
                System.out.printf("%,d items/s%n", items * 1000L / took.toMillis());
            }
        }
    }
}
