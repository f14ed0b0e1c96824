package io.millrace.connect.sql;

import io.millrace.spi.Encoded;
import org.jspecify.annotations.Nullable;

/** A row that waits for its root. */
record EncodedRow(NewRow row) implements Encoded {
    private static final int ROW = 160;
    private static final int TEXT = 56;
    private static final int NUMBER = 24;

    @Override
    public long bytes() {
        long bytes = ROW + 8L * row.values().length;
        for (@Nullable Object value : row.values()) {
            if (value != null) {
                bytes += value instanceof String text ? TEXT + 2L * text.length() : NUMBER;
            }
        }
        return bytes;
    }
}
