package io.millrace.connect.file;

import io.millrace.spi.Records;
import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Records from somewhere that blocks, some at a time. Used by one thread at a time. */
interface Chunks extends Closeable {
    /** How many records are worth a trip to a worker. */
    int SIZE = 2048;

    /** Opens it. Throws a failure for people. */
    void open();

    /**
     * At least one record; null at the end.
     *
     * @param tokens whether to give them tokens
     */
    @Nullable
    Records next(boolean tokens) throws IOException;
}
