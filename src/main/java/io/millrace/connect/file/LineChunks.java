package io.millrace.connect.file;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.spi.Failure;
import io.millrace.spi.LineReader;
import io.millrace.spi.Records;
import java.io.EOFException;
import java.io.IOException;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The lines of several inputs, each made a record. Position: the line's number, counted over all inputs. Address: the byte at which the
 * line begins in what is cut into lines, which is the file decompressed, and made UTF-8 if its charset needs that.
 */
final class LineChunks extends FileChunks {
    /** What the lines come from. */
    interface Lines {
        int count();

        String name(int number);

        /** The number of the one of that name; -1 if there is none. */
        int find(String name);

        LineReader open(int number) throws IOException;
    }

    private final Supplier<Lines> opener;
    private final LineFormat format;
    private final int maxLine;
    private @Nullable Lines lines;
    private @Nullable LineReader reader;

    /** @param opener finds the inputs; throws a failure for people */
    LineChunks(Supplier<Lines> opener, LineFormat format, int maxLine) {
        super(SIZE);
        this.opener = opener;
        this.format = format;
        this.maxLine = maxLine;
    }

    @Override
    public void open() {
        lines = opener.get();
    }

    @Override
    int count() {
        return lines == null ? 0 : lines.count();
    }

    @Override
    String name(int file) {
        return inputs().name(file);
    }

    @Override
    int find(String name) {
        return inputs().find(name);
    }

    private Lines inputs() {
        return Objects.requireNonNull(lines);
    }

    @Override
    void begin(int file) throws IOException {
        reader = inputs().open(file);
    }

    @Override
    void end() throws IOException {
        LineReader open = reader;
        reader = null;
        if (open != null) {
            open.close();
        }
    }

    private LineReader reader() {
        return Objects.requireNonNull(reader);
    }

    @Override
    boolean isAt(Address address) {
        return reader().place() == address.at() && line() == address.line();
    }

    @Override
    boolean isBeyond(Address address) {
        return reader().nextPlace() > address.at();
    }

    @Override
    void skipTo(Address address) throws IOException {
        reader().skipTo(address.at());
    }

    @Override
    void skip() throws IOException {
        if (!reader().next()) {
            throw new EOFException();
        }
    }

    @Override
    long nextAt() {
        return reader().nextPlace();
    }

    @Override
    boolean fill(Records chunk) throws IOException {
        LineReader from = reader();
        String name = name();
        do {
            if (!from.next()) {
                return false;
            }
            long at = from.place();
            JsonNode token = nextToken(chunk, at);
            counted();
            if (from.tooLong()) {
                chunk.bad(format.text(from), position(), token, tooLong(name));
            } else {
                format.add(from, name + ":" + line(), position(), token, chunk);
            }
            if (isLast(at)) {
                return true;
            }
        } while (!chunk.isFull() && from.hasBuffered());
        return true;
    }

    private Failure tooLong(String name) {
        return Failure.of(
                Failure.Kind.LIMIT,
                name + ":" + line() + ": the line is longer than " + maxLine + " bytes; raise \"maxLine\"");
    }
}
