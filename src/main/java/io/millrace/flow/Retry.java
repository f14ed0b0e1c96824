package io.millrace.flow;

import io.millrace.spi.Failure;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How often, when and for which failures to try again: exponential back-off with full jitter.
 *
 * @param attempts counts the first try
 * @param backoff upper bound of the first wait; doubles with each
 * @param maxBackoff upper bound of any wait
 * @param on which failures; empty: those that are retryable
 * @param total bounds all attempts and waits together
 */
public record Retry(int attempts, Duration backoff, Duration maxBackoff, List<Condition> on, Optional<Duration> total) {

    /** A class of failures. */
    public sealed interface Condition {
        boolean matches(Failure failure);

        /** By kind: {@code "TIMEOUT"}. */
        record OfKind(Failure.Kind kind) implements Condition {
            @Override
            public boolean matches(Failure failure) {
                return failure.kind() == kind;
            }
        }

        /** By status: {@code 429}, {@code "5xx"}; both bounds included. */
        record OfStatus(int from, int to) implements Condition {
            @Override
            public boolean matches(Failure failure) {
                Integer status = failure.status();
                return status != null && status >= from && status <= to;
            }
        }
    }

    /** Whether this failure is worth another attempt. */
    public boolean covers(Failure failure) {
        return on.isEmpty() ? failure.retryable() : on.stream().anyMatch(condition -> condition.matches(failure));
    }
}
