package io.millrace.connect.file;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.millrace.spi.Failure;
import io.millrace.spi.Records;
import java.io.EOFException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Records of several inputs, one after another, of which any piece can be read. An input that turns out to be unreadable is one bad
 * record, which stands for the rest of it; the others go on.
 */
abstract class FileChunks implements Chunks {
    private final int size;
    private Piece piece = Piece.ALL;
    private @Nullable Address start;
    private JsonNode token = TextNode.valueOf("");
    private int lastFile = Integer.MAX_VALUE;
    private int file;
    private long line;
    private long position;
    private boolean begun;
    private boolean done;

    /** @param size how many records are read at a time */
    FileChunks(int size) {
        this.size = size;
    }

    /** How many inputs there are. */
    abstract int count();

    abstract String name(int file);

    /** The number of the input of that name; -1 if it is not there. */
    abstract int find(String name);

    /** Begins an input, at its beginning, unless it is begun. */
    abstract void begin(int file) throws IOException;

    /** Ends the input that has begun, if any. */
    abstract void end() throws IOException;

    /** Whether the record that was read last is this one. */
    abstract boolean isAt(Address address);

    /** Whether the input has been read beyond the beginning of this record. */
    abstract boolean isBeyond(Address address);

    /** Goes forward to where the record begins. Throws EOFException if the input ends before. */
    abstract void skipTo(Address address) throws IOException;

    /** Reads the record at hand and adds it to no one. Throws EOFException if there is none. */
    abstract void skip() throws IOException;

    /** Where the next record begins. */
    abstract long nextAt();

    /**
     * Reads records and calls {@link #counted} for each, until {@link #isLast} says so, the chunk is full, or the next would have to be
     * waited for; false at the end of the input.
     */
    abstract boolean fill(Records chunk) throws IOException;

    /** Begins a piece. Throws a failure for people. */
    final void seek(Piece next) throws IOException {
        piece = next;
        done = false;
        Address last = next.last();
        lastFile = last == null ? Integer.MAX_VALUE : numberOf(last);
        Address from = next.from();
        if (from == null) {
            go(0, 0);
        } else if (from.rest() && next.behind()) {
            go(numberOf(from) + 1, from.position());
        } else {
            go(from, numberOf(from), next.behind());
        }
    }

    private int numberOf(Address address) {
        int number = find(address.file());
        if (number < 0) {
            throw Failure.of(Failure.Kind.REJECTED, address.file() + " is not there any more");
        }
        return number;
    }

    private void go(int to, long before) throws IOException {
        end();
        begun = false;
        start = null;
        file = to;
        position = before;
    }

    /** A record that was the last one read needs no way at all; one that lies ahead in the same input, no new beginning. */
    private void go(Address to, int number, boolean behind) throws IOException {
        boolean here = begun && start == null && number == file;
        if (here && behind && isAt(to)) {
            return;
        }
        if (!here || isBeyond(to)) {
            go(number, 0);
        }
        start = to;
    }

    @Override
    public final @Nullable Records next(boolean tokens) throws IOException {
        Records chunk = new Records(size, tokens);
        while (chunk.size() == 0 && !done && file < count() && file <= lastFile) {
            try {
                if (!read(chunk)) {
                    finish();
                }
            } catch (IOException e) {
                unreadable(
                        FileErrors.of("cannot read " + name(file) + (line > 0 ? " after line " + line : ""), e),
                        e,
                        chunk);
            } catch (Failure e) {
                unreadable(e, e, chunk);
            }
        }
        return chunk.size() == 0 ? null : chunk;
    }

    private boolean read(Records chunk) throws IOException {
        if (!begun) {
            line = 0;
            token = TextNode.valueOf(name(file));
            begin(file);
            begun = true;
        }
        Address from = start;
        if (from != null) {
            skipTo(from);
            line = from.linesBefore();
            position = from.position() - 1;
            if (piece.behind()) {
                skip();
                counted();
            }
            start = null;
        }
        return fill(chunk);
    }

    /** What cannot be read becomes a bad record; but if records were read there before, they must not get lost. */
    private void unreadable(Failure failure, Exception cause, Records chunk) throws IOException {
        Address from = start;
        if (from != null && !from.rest()) {
            throw lost(from, failure, cause);
        }
        long at = from != null ? from.at() : begun ? nextAt() : 0;
        long before = from != null ? from.line() : line;
        position = from != null ? from.position() : position + 1;
        JsonNode address = chunk.wantsTokens() ? Address.ofRest(token, at, before, position) : null;
        chunk.bad(TextNode.valueOf(name(file)), position, address, failure);
        finish();
    }

    private static Failure lost(Address from, Failure failure, Exception cause) {
        String why = cause instanceof EOFException ? "it is shorter than it was" : failure.message();
        return Failure.build(
                        Failure.Kind.REJECTED,
                        "cannot go on at line " + from.line() + " of " + from.file() + ": " + why)
                .cause(cause)
                .done();
    }

    private void finish() throws IOException {
        go(file + 1, position);
    }

    /** A record was read. */
    final void counted() {
        line++;
        position++;
    }

    /** Whether the piece ends with the record that begins there. */
    final boolean isLast(long at) {
        Address last = piece.last();
        done = last != null && file == lastFile && at >= last.at();
        return done;
    }

    /** The token of the record that will be counted next; null where none is wanted. */
    final @Nullable JsonNode nextToken(Records chunk, long at) {
        return chunk.wantsTokens() ? Address.token(token, at, line + 1, position + 1) : null;
    }

    final String name() {
        return name(file);
    }

    final long line() {
        return line;
    }

    final long position() {
        return position;
    }

    @Override
    public final void close() throws IOException {
        end();
    }
}
