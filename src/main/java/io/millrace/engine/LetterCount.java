package io.millrace.engine;

/** How many dead letters of a run are kept. */
interface LetterCount {
    long count();

    /** Where and why the first failed; empty when there is none. */
    String first();
}
