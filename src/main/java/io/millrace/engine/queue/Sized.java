package io.millrace.engine.queue;

/** What has a size in memory. */
public interface Sized {
    /** Estimated bytes; always the same for one object. */
    int bytes();
}
