package io.millrace.ledger;

import java.time.Duration;
import java.util.List;

/**
 * A living process on the store.
 *
 * @param sinceBeat since its last heartbeat
 * @param parts the runs it has open
 */
public record Member(String host, long pid, Duration sinceBeat, List<Part> parts) {
    public Member {
        parts = List.copyOf(parts);
    }

    /**
     * Its part in a run.
     *
     * @param leases what it holds there, as {@code kind name}
     */
    public record Part(long run, String flow, List<String> leases) {
        public Part {
            leases = List.copyOf(leases);
        }
    }
}
