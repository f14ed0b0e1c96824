package io.millrace.engine.durable;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.millrace.engine.durable.DurableWorld.Scene;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.slf4j.LoggerFactory;

/** Durable runs in simulated worlds, each from its seed. */
public final class DurableSimulation {
    private static final int TOLD = 10_000;

    private DurableSimulation() {}

    /** Runs seeds from the first, so many, on all cores; fails with the story of one that breaks an invariant. */
    static void run(Scene scene, long first, long count) {
        Logger logger = (Logger) LoggerFactory.getLogger("millrace");
        Level before = logger.getLevel();
        logger.setLevel(Level.OFF); // they would tell of each fault
        try {
            runAll(scene, first, count);
        } finally {
            logger.setLevel(before);
        }
    }

    /** The same, by name; ALL are run one after another. */
    public static void run(String scene, long first, long count) {
        for (Scene each : scene.equals("ALL") ? List.of(Scene.values()) : List.of(Scene.valueOf(scene))) {
            run(each, first, count);
        }
    }

    private static void runAll(Scene scene, long first, long count) {
        AtomicLong done = new AtomicLong();
        long began = System.nanoTime();
        LongStream.range(first, first + count).parallel().forEach(seed -> {
            world(scene, seed);
            if (done.incrementAndGet() % TOLD == 0) {
                System.out.println(done + " seeds in " + Duration.ofNanos(System.nanoTime() - began));
            }
        });
    }

    /** Runs one. */
    static DurableWorld world(Scene scene, long seed) {
        DurableWorld world = new DurableWorld(seed, scene);
        try {
            return world.run();
        } catch (AssertionError | RuntimeException failed) {
            throw new AssertionError(
                    scene + " seed " + seed + ": " + failed.getMessage() + "\n" + String.join("\n", world.story())
                            + "\n" + world.sim.now() + " " + world.alive() + "\n" + world.queued(),
                    failed);
        }
    }
}
