package io.millrace.cli;

import java.time.Duration;

/** The terminal as a page that is drawn again and again, by one thread. Keys come one by one, and are not shown. */
public interface Screen extends AutoCloseable {
    /** No key was pressed. */
    int NONE = -1;

    int columns();

    int rows();

    /** Waits for a key, so long at the most; its character, or {@link #NONE}. */
    int key(Duration wait);

    /** Leaves the terminal as it was. */
    @Override
    void close();
}
