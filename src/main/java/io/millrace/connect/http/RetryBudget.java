package io.millrace.connect.http;

import java.time.Duration;

/**
 * How many repeated requests a host is sent: at most a share of all requests to it, over about the last ten seconds, and besides that
 * so many a second, of which ten seconds' worth may come at once. A few failures are thus repeated at once, whatever the traffic; where a host
 * fails for good, repeated requests become a trickle that costs it nothing and finds out when it is back.
 *
 * <p>The rule and its numbers are those of Finagle's {@code RetryBudget} (ttl 10 s, minRetriesPerSec 10, percentCanRetry 0.2;
 * {@code twitter.github.io/finagle/docs/com/twitter/finagle/service/RetryBudget$.html}; Beyer et al., "Site Reliability Engineering", ch. 22). There,
 * as in gRPC's retry throttling (proposal A6), who finds nothing left fails at once, which suits a server whose own callers wait. Here the next
 * repeated request is given its time instead: see decision 022.
 *
 * <p>Not safe for use by several threads: {@link Gate} guards it.
 */
final class RetryBudget {
    private static final double WINDOW = 10e9;

    /** A whole one, but for what sums of fractions lose. */
    private static final double ONE = 1 - 1e-9;

    /**
     * @param ratio repeated requests, as a share of all
     * @param perSecond and besides that so many
     */
    record Terms(double ratio, double perSecond) {}

    private final Terms terms;
    private double earned;
    private double reserve;
    private long at;

    RetryBudget(Terms terms, long now) {
        this.terms = terms;
        this.reserve = reserveAtMost();
        this.at = now;
    }

    private double reserveAtMost() {
        return Math.max(1, terms.perSecond() * WINDOW / 1e9);
    }

    /** A request is sent, a first or a repeated one. */
    void sent(long now) {
        pass(now);
        earned += terms.ratio();
    }

    /** Takes a repeated request out of the budget, and says how long it has to wait. */
    Duration take(long now) {
        pass(now);
        if (earned >= ONE) {
            earned--;
            return Duration.ZERO;
        }
        reserve--;
        return reserve >= 0 ? Duration.ZERO : Duration.ofNanos((long) (-reserve / terms.perSecond() * 1e9));
    }

    /** Whether forgetting it would change nothing of note. */
    boolean isWhole(long now) {
        pass(now);
        return reserve >= reserveAtMost();
    }

    /** What was earned fades with the time constant of the window; the reserve fills up again. */
    private void pass(long now) {
        double time = now - at;
        if (time > 0) {
            at = now;
            earned *= Math.exp(-time / WINDOW);
            reserve = Math.min(reserveAtMost(), reserve + time / 1e9 * terms.perSecond());
        }
    }
}
