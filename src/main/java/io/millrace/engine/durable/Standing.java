package io.millrace.engine.durable;

/** How a unit of a shared run stands that this process does not run. */
public sealed interface Standing {
    /** Whoever has it may go on with it. */
    record Open() implements Standing {}

    /** Nothing can come to it any more, and its files have their names. */
    record Done() implements Standing {}

    /**
     * What it has written lies on another machine.
     *
     * @param awaited whether a process there runs the flow
     */
    record Away(String host, String path, boolean awaited) implements Standing {}
}
