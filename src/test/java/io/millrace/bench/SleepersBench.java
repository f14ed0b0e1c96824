package io.millrace.bench;

import io.millrace.engine.RunResult;
import io.millrace.engine.RunSnapshot.StageSnapshot;
import io.millrace.testkit.Millrace;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.internal.VertxInternal;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.nio.file.Files;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * How many bytes does an item cost that sleeps, when a million do so at once, and how long do they take to fall asleep, to wake up, and
 * to be cancelled together?
 *
 * <pre>mvn -q test-compile exec:exec@bench -Dbench=SleepersBench -Dbench.jvm=-Xmx512m -Dbench.args="1000000 30s"</pre>
 *
 * <p>The heap is read after a collection, before the run and when all are asleep. In the second round a {@code limits.time} cancels
 * them. The figures are in {@code src/docs/benchmarks.md}.
 */
final class SleepersBench {
    private static final MemoryMXBean MEMORY = ManagementFactory.getMemoryMXBean();

    private static final AtomicLong LAG = new AtomicLong();

    private SleepersBench() {}

    public static void main(String[] args) throws Exception {
        long items = args.length > 0 ? Long.parseLong(args[0]) : 1_000_000;
        String time = args.length > 1 ? args[1] : "30s";
        try (Millrace millrace = new Millrace(Files.createTempDirectory("bench"))) {
            watch(millrace.vertx());
            millrace.run(flow(1000, "10ms", "1h"));
            round(millrace, "wake", items, flow(items, time, "1h"));
            round(millrace, "cancel", items, flow(items, "1h", time));
        }
    }

    private static String flow(long items, String sleep, String limit) {
        return ("{'source': {'range': %d}, 'concurrency': %d, 'steps': [{'sleep': '%s'}], 'limits': {'time': '%s'}, 'sink': 'discard'}")
                .formatted(items, items, sleep, limit)
                .replace('\'', '"');
    }

    private static void round(Millrace millrace, String name, long items, String flow) throws Exception {
        long before = heap();
        long start = System.nanoTime();
        Millrace.Started run = millrace.drain(Duration.ZERO).start(flow);
        while (inFlight(run) < items) {
            LockSupport.parkNanos(1_000_000);
        }
        long asleep = System.nanoTime();
        long heap = heap() - before;
        System.out.printf(
                "%-6s %,d asleep after %.2f s, %d bytes each%n", name, items, (asleep - start) / 1e9, heap / items);
        while (inFlight(run) == items) {
            LockSupport.parkNanos(1_000_000);
        }
        long first = System.nanoTime();
        LAG.set(0);
        RunResult result =
                run.run().result().toCompletionStage().toCompletableFuture().get();
        System.out.printf(
                "%-6s all done %.2f s after the first; %s, a loop was held for %d ms at the most, heap %,d KB more than before%n",
                name,
                (System.nanoTime() - first) / 1e9,
                result.outcome(),
                LAG.get() / 1_000_000,
                (heap() - before) / 1024);
    }

    /** Notes by how much a timer is late, on every event loop. */
    private static void watch(Vertx vertx) {
        for (int i = 0; i < VertxOptions.DEFAULT_EVENT_LOOP_POOL_SIZE; i++) {
            Context context = ((VertxInternal) vertx).createEventLoopContext();
            context.runOnContext(ignored -> tick(vertx));
        }
    }

    private static void tick(Vertx vertx) {
        long due = System.nanoTime() + 2_000_000;
        vertx.setTimer(2, fired -> {
            LAG.accumulateAndGet(System.nanoTime() - due, Math::max);
            tick(vertx);
        });
    }

    private static long inFlight(Millrace.Started run) {
        return run.run().snapshot().stages().stream()
                .mapToLong(StageSnapshot::inFlight)
                .sum();
    }

    private static long heap() {
        System.gc();
        System.gc();
        return MEMORY.getHeapMemoryUsage().getUsed();
    }
}
