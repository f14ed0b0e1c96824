package io.millrace.engine.item;

import io.millrace.flow.Retry;
import io.millrace.spi.Failure;
import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** When to try again. */
public final class Retries {
    private Retries() {}

    /** What an item does meanwhile. */
    static String waiting(Duration wait, int attempt, Failure last) {
        return "waiting " + wait.toMillis() + " ms before attempt " + attempt + ", after: " + last.message();
    }

    /** The time for all attempts is over while one was under way. */
    static Failure pastTotal(String label, Retry retry, int attempt, String doing, @Nullable Failure last) {
        String message = "`" + label + "` did not succeed within retry.total ("
                + retry.total().map(total -> total.toMillis() + " ms").orElse("")
                + "): attempt " + attempt + " was cut" + (doing.isEmpty() ? "" : " while it was " + doing)
                + (last == null ? "" : "; the one before failed: " + last.message());
        return Failure.build(Failure.Kind.TIMEOUT, message)
                .cause(last)
                .attempts(attempt)
                .done();
    }

    /**
     * What follows on a failure.
     *
     * @param pause how long to wait before the next attempt; empty if there is none
     * @param failure the failure, which may say why there is none
     */
    public record Next(Optional<Duration> pause, Failure failure) {}

    /**
     * What follows on a failure. Exponential back-off with full jitter: a random time up to
     * {@code backoff × 2^(n−1)}, at most {@code maxBackoff} (Brooker, "Exponential Backoff And Jitter", AWS, 2015); never shorter than the other
     * side asked for, within the same bound; nor than who spares that side permits.
     */
    public static Next next(Retry retry, Failure failure, int attempts, Duration spent, RandomGenerator random) {
        if (attempts >= retry.attempts() || !retry.covers(failure)) {
            return new Next(Optional.empty(), failure);
        }
        long max = retry.maxBackoff().toMillis();
        long bound = Math.min(max, retry.backoff().toMillis() << Math.min(attempts - 1, 20));
        long jittered = random.nextLong(Math.max(0, bound) + 1);
        Duration wait = Duration.ofMillis(Math.max(jittered, Math.min(max, failure.retryAfterMs())));
        if (isLate(retry, spent, wait)) {
            return new Next(Optional.empty(), failure);
        }
        Duration permitted = failure.takeRetryPermit();
        if (isLate(retry, spent, permitted)) {
            return new Next(
                    Optional.empty(),
                    failure.saying(failure.message() + "; not tried again, since the retry"
                            + " budget is spent: the next attempt would have to wait " + permitted.toMillis()
                            + " ms, past retry.total"));
        }
        return new Next(Optional.of(wait.compareTo(permitted) < 0 ? permitted : wait), failure);
    }

    private static boolean isLate(Retry retry, Duration spent, Duration wait) {
        return retry.total().isPresent()
                && spent.plus(wait).compareTo(retry.total().get()) >= 0;
    }
}
