package io.millrace.engine.item;

/** Keeps what complete roots have left behind. Any thread. */
public interface Keeper {
    /** The last branch of a root, and of all that are to be kept together with it, has ended. */
    void ready(DurableRoot root);

    /** So many bytes more (or, below 0, less) are held by roots. */
    void held(long bytes);

    /** So many roots more (or, below 0, less) rest in groups: they do not count as live. */
    void resting(int roots);

    /** How many bytes one root may hold. */
    long mostOfOne();
}
