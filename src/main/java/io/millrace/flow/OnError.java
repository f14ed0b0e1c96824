package io.millrace.flow;

/** What becomes of a failure. The innermost that is given wins. */
public sealed interface OnError {
    /** The value is null and the item goes on. */
    record Ignore() implements OnError {}

    /** The item ends; counted only. */
    record Drop() implements OnError {}

    /** The item is kept with its failure; the run goes on. */
    record DeadLetter() implements OnError {}

    /** The run fails. */
    record Stop() implements OnError {}

    /** These steps stand in for the failed one; they see {@code .error}. */
    record Catch(Steps steps) implements OnError {}
}
