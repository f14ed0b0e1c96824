package io.millrace.engine.stage;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.flow.Stage.Limit;
import java.util.HashMap;
import java.util.Map;

/**
 * Spaces the starts of items by the generic cell rate algorithm (GCRA, ITU-T I.371): a key's theoretical arrival time moves on by one
 * interval with each start, and a start may come up to {@code burst − 1} intervals before it. Shared by all instances of a stage.
 */
public final class RateLimiter {
    /** Keys remembered at the most before those that no longer matter are dropped. */
    private static final int MAX_KEYS = 10_000;

    private final long interval;
    private final long tolerance;
    private final Map<JsonNode, Long> arrivals = new HashMap<>();

    public RateLimiter(Limit limit) {
        this.interval = limit.rate().intervalNanos();
        this.tolerance = interval * (Math.max(1, limit.burst()) - 1);
    }

    /** Reserves the next start for the key, and says how many nanoseconds from now it is. */
    synchronized long reserve(JsonNode key, long now) {
        if (arrivals.size() >= MAX_KEYS) {
            arrivals.values().removeIf(arrival -> arrival < now);
        }
        long arrival = Math.max(now, arrivals.getOrDefault(key, now));
        arrivals.put(key, arrival + interval);
        return Math.max(0, arrival - tolerance - now);
    }
}
