package io.millrace.engine.stage;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.flow.Stage.Limit;
import io.millrace.ledger.Permits;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Spaces the starts of items by the generic cell rate algorithm (GCRA, ITU-T I.371): a key's theoretical arrival time moves on by one
 * interval with each start, and a start may come up to {@code burst − 1} intervals before it. Shared by all instances of a stage.
 */
public final class RateLimiter {
    /** Keys remembered at the most before those that no longer matter are dropped. */
    private static final int MAX_KEYS = 10_000;
    /** Timers are no finer than a millisecond: faster rates may catch up with what a timer was late by. */
    private static final long TICK = 2_000_000;

    private final long interval;
    private final long tolerance;
    private final Map<JsonNode, Long> arrivals = new HashMap<>();
    private final @Nullable WideRate wide;
    private int most = MAX_KEYS;

    public RateLimiter(Limit limit) {
        this(limit, null);
    }

    private RateLimiter(Limit limit, @Nullable WideRate wide) {
        this.wide = wide;
        this.interval = limit.rate().intervalNanos();
        this.tolerance = Math.max(interval < TICK ? TICK : 0, interval * (Math.max(1, limit.burst()) - 1));
    }

    /** For all processes of a run together: permits are had from the store. */
    public static RateLimiter wide(
            String stage, Limit limit, Function<Permits.Wanted, Future<Permits.Reserved>> reserve) {
        return new RateLimiter(limit, new WideRate("rate " + stage, limit, reserve));
    }

    /** Starts now and returns 0, or does nothing and says in how many nanoseconds a start may come. */
    synchronized long acquire(JsonNode key, long now) {
        long arrival = Math.max(now, arrivals.getOrDefault(key, now));
        long wait = arrival - tolerance - now;
        if (wait <= 0 && wide != null) {
            wait = wide.take(key, now);
        }
        if (wait > 0) {
            return wait;
        }
        if (arrivals.size() >= most) {
            arrivals.values().removeIf(passed -> passed < now);
            most = Math.max(MAX_KEYS, 2 * arrivals.size());
        }
        arrivals.put(key, arrival + interval);
        return 0;
    }
}
