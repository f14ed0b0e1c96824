package io.millrace.engine.durable;

import io.millrace.engine.queue.Loop;
import io.millrace.testkit.sim.SimWorld;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.SplittableRandom;

/** What goes wrong around a process: so many calls of a kind fail from now on. */
final class Chaos {
    /** What can fail. */
    enum Trouble {
        DISK_FULL,
        FORCE_FAILS,
        TABLE_AWAY,
        SINK_AWAY,
        SOURCE_BREAKS
    }

    private final SimWorld sim;
    private final SplittableRandom random;
    private final Map<Trouble, Integer> ahead = new EnumMap<>(Trouble.class);

    Chaos(SimWorld sim) {
        this.sim = sim;
        this.random = sim.random();
    }

    void bring(Trouble trouble, int times) {
        ahead.put(trouble, times);
    }

    void heal() {
        ahead.clear();
    }

    /** Whether this call fails. */
    boolean strikes(Trouble trouble) {
        int left = ahead.getOrDefault(trouble, 0);
        ahead.put(trouble, Math.max(0, left - 1));
        return left > 0;
    }

    /** At once, or after a while on the loop that runs now. */
    Future<Void> someTime(int micros) {
        if (random.nextInt(3) == 0) {
            return Future.succeededFuture();
        }
        Promise<Void> later = Promise.promise();
        sim.running().after(time(micros), later::complete);
        return later.future();
    }

    /** After a while on that loop. */
    Future<Void> delay(Loop loop, int micros) {
        Promise<Void> later = Promise.promise();
        loop.after(time(micros), later::complete);
        return later.future();
    }

    Duration time(int micros) {
        return Duration.ofNanos(1 + random.nextInt(micros) * 1000L);
    }

    SplittableRandom random() {
        return random;
    }
}
