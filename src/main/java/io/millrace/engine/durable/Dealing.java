package io.millrace.engine.durable;

/**
 * How the rows of a queue are dealt to the processes of a run.
 *
 * @param byKey whether each process has keys of its own
 * @param least how many rows a process takes however long they last; 0: as many as there is room for
 * @param rests whether rows rest in groups: their keys stay where they are until the groups have left
 */
public record Dealing(boolean byKey, int least, boolean rests) {
    /** The queue is this process's alone. */
    public static final Dealing NONE = new Dealing(false, 0, false);

    boolean isEven() {
        return least > 0;
    }
}
