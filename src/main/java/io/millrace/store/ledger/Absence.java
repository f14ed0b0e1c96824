package io.millrace.store.ledger;

import io.millrace.ledger.Presence;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/** Tells once that the store is away, and once that it is back, however many lines to it broke. One thread. */
final class Absence {
    private final Presence presence;
    private final Set<Object> waiting = new HashSet<>();
    private long since;
    private long times;

    Absence(Presence presence) {
        this.presence = presence;
    }

    /** How often a line was found to be broken; where one is, others may be, and not have noticed. */
    long times() {
        return times;
    }

    void begin(Object waits, Throwable why) {
        times++;
        if (waiting.isEmpty()) {
            since = System.nanoTime();
            presence.away(Faults.why(why));
        }
        waiting.add(waits);
    }

    /** It has done what it was asked to: a full disk can be connected to. */
    void end(Object waited) {
        if (waiting.remove(waited) && waiting.isEmpty()) {
            presence.back(Duration.ofNanos(System.nanoTime() - since));
        }
    }
}
