package io.millrace.connect.http;

import io.millrace.spi.Failure;
import io.millrace.spi.Failure.Kind;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import java.util.Arrays;

/** Keeps a body in memory, up to a bound. */
final class MemoryBody implements BodySink {
    private static final int FIRST_SIZE = 4096;

    private final long limit;
    private final boolean cutting;
    private byte[] bytes;
    private int length;

    private MemoryBody(long limit, boolean cutting, long expected) {
        this.limit = limit;
        this.cutting = cutting;
        this.bytes = new byte[(int) Math.min(limit, expected < 0 ? FIRST_SIZE : expected)];
    }

    /** Over the limit is a failure. @param expected the content length, or -1 */
    static MemoryBody whole(long limit, long expected) {
        if (expected > limit) {
            throw tooLarge(limit, "has " + expected + " bytes");
        }
        return new MemoryBody(limit, false, expected);
    }

    /** What is over the limit is dropped. */
    static MemoryBody beginning(int limit) {
        return new MemoryBody(limit, true, -1);
    }

    static Failure tooLarge(long limit, String found) {
        return Failure.of(
                Kind.LIMIT,
                "the body " + found + ", more than maxBody (" + limit
                        + " bytes). Raise the client's maxBody, or use save.");
    }

    @Override
    public void accept(Buffer chunk, HttpClientResponse from) {
        int size = chunk.length();
        if (size > limit - length) {
            if (!cutting) {
                throw tooLarge(limit, "goes on after " + limit + " bytes");
            }
            size = (int) (limit - length);
        }
        if (size > bytes.length - length) {
            bytes = Arrays.copyOf(bytes, (int) Math.min(limit, Math.max(2L * bytes.length, (long) length + size)));
        }
        if (size == chunk.length()) {
            chunk.getBytes(bytes, length);
        } else {
            chunk.getBytes(0, size, bytes, length);
        }
        length += size;
    }

    @Override
    public boolean isFull() {
        return cutting && length == limit;
    }

    @Override
    public Future<Void> end() {
        return Future.succeededFuture();
    }

    @Override
    public Future<Void> abort() {
        return Future.succeededFuture();
    }

    /** The body; no copy is made when it had the expected length. */
    byte[] bytes() {
        return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
    }
}
