package io.millrace.connect.file;

import com.fasterxml.jackson.databind.node.TextNode;
import io.millrace.spi.Failure;
import io.millrace.spi.LineReader;
import io.millrace.spi.Records;
import java.io.IOException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The lines of several inputs, one after another, each made a record. Position: the line's number, counted over all inputs. An input
 * that turns out to be unreadable is one bad record; the others go on.
 */
final class LineChunks implements Chunks {
    /** What the lines come from. */
    interface Lines {
        /** Opens the next input; null after the last. Not called again before that one has been read. */
        @Nullable
        LineReader open() throws IOException;

        /** The one opened last, for messages. */
        String name();
    }

    private final Supplier<Lines> opener;
    private final LineFormat format;
    private final int maxLine;
    private @Nullable Lines lines;
    private @Nullable LineReader reader;
    private long line;
    private long position;

    /** @param opener finds the inputs; throws a failure for people */
    LineChunks(Supplier<Lines> opener, LineFormat format, int maxLine) {
        this.opener = opener;
        this.format = format;
        this.maxLine = maxLine;
    }

    @Override
    public void open() {
        lines = opener.get();
    }

    @Override
    public @Nullable Records next() throws IOException {
        Lines inputs = lines;
        Records chunk = new Records(SIZE);
        while (inputs != null && chunk.size() == 0) {
            try {
                if (!advance(inputs, chunk)) {
                    return null;
                }
            } catch (IOException e) {
                chunk.bad(TextNode.valueOf(inputs.name()), ++position, unreadable(inputs, e));
                closeReader();
            }
        }
        return chunk;
    }

    private boolean advance(Lines inputs, Records chunk) throws IOException {
        LineReader from = reader;
        if (from == null) {
            from = inputs.open();
            reader = from;
            line = 0;
        }
        if (from == null) {
            return false;
        }
        if (!fill(from, inputs.name(), chunk)) {
            closeReader();
        }
        return true;
    }

    private boolean fill(LineReader from, String name, Records chunk) throws IOException {
        do {
            if (!from.next()) {
                return false;
            }
            line++;
            position++;
            if (from.tooLong()) {
                chunk.bad(format.text(from), position, tooLong(name));
            } else {
                format.add(from, name + ":" + line, position, chunk);
            }
        } while (!chunk.isFull() && from.hasBuffered());
        return true;
    }

    private Failure tooLong(String name) {
        return Failure.of(
                Failure.Kind.LIMIT,
                name + ":" + line + ": the line is longer than " + maxLine + " bytes; raise \"maxLine\"");
    }

    private Failure unreadable(Lines inputs, IOException e) {
        return FileErrors.of("cannot read " + inputs.name() + (line > 0 ? " after line " + line : ""), e);
    }

    private void closeReader() throws IOException {
        LineReader open = reader;
        reader = null;
        if (open != null) {
            open.close();
        }
    }

    @Override
    public void close() throws IOException {
        closeReader();
    }
}
