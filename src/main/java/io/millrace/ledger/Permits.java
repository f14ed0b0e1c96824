package io.millrace.ledger;

import java.time.Duration;

/** Permits of a rate that all processes of a run share. */
public final class Permits {
    private Permits() {}

    /**
     * @param name of the rate, in the run
     * @param key empty, or what the rate is counted by
     * @param every time between two permits: an hour for {@code 1/h}
     * @param burst how many may have been saved up
     * @param count how many are wanted
     */
    public record Wanted(String name, String key, Duration every, int burst, int count) {}

    /**
     * Permits, each with its moment: the n-th (from 0) may be used when {@code after} and n times {@code every} have passed since the answer. One that
     * is not used is lost.
     *
     * @param after until the first one; negative if it was saved up
     */
    public record Reserved(Duration after, Duration every, int count) {}
}
