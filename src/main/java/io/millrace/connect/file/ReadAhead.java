package io.millrace.connect.file;

import io.millrace.spi.Records;
import io.millrace.spi.Source;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * A source over chunks that are read by a worker: while the engine takes from one, the next is being read. What it holds is two
 * chunks at most. Its own state belongs to the event loop; the chunks belong to the worker while it is at work, which is why they are
 * closed only after that.
 */
final class ReadAhead implements Source {
    /** Where work that blocks is done; completes on the caller's event loop. */
    interface Worker {
        <T> Future<T> run(Callable<T> work);
    }

    private final Chunks chunks;
    private final Worker worker;
    private final boolean mayHang;
    private Records current = new Records(0);
    private int index;
    private @Nullable Future<Optional<Records>> ahead;
    private @Nullable Promise<Boolean> reading;
    private boolean ended;
    private boolean closed;

    /** @param mayHang whether a read may wait for ever, as from a terminal, so that closing must not wait for it */
    ReadAhead(Chunks chunks, Worker worker, boolean mayHang) {
        this.chunks = chunks;
        this.worker = worker;
        this.mayHang = mayHang;
    }

    @Override
    public Future<Void> open() {
        return worker.run(() -> {
            chunks.open();
            return null;
        });
    }

    @Override
    public Future<Boolean> read(Records into) {
        if (ended) {
            return Future.succeededFuture(false);
        }
        if (index < current.size()) {
            copy(into);
            return Future.succeededFuture(true);
        }
        Promise<Boolean> promise = Promise.promise();
        reading = promise;
        (ahead == null ? load(into.wantsTokens()) : ahead).onComplete(result -> {
            if (result.failed()) {
                promise.tryFail(result.cause());
            } else if (!ended) {
                promise.tryComplete(take(result.result(), into));
            }
        });
        return promise.future();
    }

    private boolean take(Optional<Records> chunk, Records into) {
        if (chunk.isEmpty()) {
            ended = true;
            return false;
        }
        current = chunk.get();
        index = 0;
        ahead = load(into.wantsTokens());
        copy(into);
        return true;
    }

    private Future<Optional<Records>> load(boolean tokens) {
        return worker.run(() -> Optional.ofNullable(chunks.next(tokens)));
    }

    private void copy(Records into) {
        int stop = Math.min(current.size(), index + into.room());
        for (; index < stop; index++) {
            into.addFrom(current, index);
        }
    }

    /** Has a worker set the chunks to somewhere else; what is read next is from there. */
    Future<Void> restart(Callable<@Nullable Void> set) {
        Future<?> before = idle();
        current = new Records(0);
        index = 0;
        ahead = null;
        ended = closed;
        return before.compose(done -> worker.run(set));
    }

    @Override
    public Future<Void> close() {
        closed = true;
        ended = true;
        if (reading != null) {
            reading.tryComplete(false);
        }
        return mayHang
                ? Future.succeededFuture()
                : idle().compose(done -> worker.run(() -> {
                    chunks.close();
                    return null;
                }));
    }

    private Future<?> idle() {
        return ahead == null ? Future.succeededFuture() : ahead.otherwiseEmpty();
    }
}
