package io.millrace.engine.durable;

import org.jspecify.annotations.Nullable;

/** Remembers what was broken first: whoever catches what is thrown, it is not lost. */
final class Verdict {
    private @Nullable AssertionError first;

    /** An invariant does not hold. */
    AssertionError broken(String invariant, Object what) {
        AssertionError error = new AssertionError(invariant + ": " + what);
        if (first == null) {
            first = error;
        }
        throw error;
    }

    /** Throws what was broken first. */
    void pronounce() {
        if (first != null) {
            throw first;
        }
    }
}
