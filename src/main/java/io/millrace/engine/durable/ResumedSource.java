package io.millrace.engine.durable;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.engine.queue.Loop;
import io.millrace.ledger.Progress.Pending;
import io.millrace.spi.Records;
import io.millrace.spi.Replayable;
import io.millrace.spi.Source;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A source whose records are admitted as durable roots as they are read: first those that an earlier process did not finish, then those behind the
 * last it had read. A range that is read again is read whole before its first record goes on its way: from then on its records are known one by
 * one.
 */
final class ResumedSource implements Source {
    private static final int READ = 256;
    private static final String DIED = "The process died " + Trial.DEATHS
            + " times while it worked on this record, and on nothing else; with others it had died before.";

    private final Replayable source;
    private final SourceProgress progress;
    private final Trial trial;
    private final Loop loop;
    private @Nullable Records again;
    private int sent;
    private boolean resumed;
    private boolean closed;

    ResumedSource(Replayable source, SourceProgress progress, Trial trial, Loop loop) {
        this.source = source;
        this.progress = progress;
        this.trial = trial;
        this.loop = loop;
    }

    @Override
    public Future<Boolean> read(Records into) {
        return trial.isOn() ? next(into).compose(more -> tried(into).map(more)) : next(into);
    }

    /** Waits until the record may go, alone; one that has ended the process again and again does not. */
    private Future<Void> tried(Records one) {
        JsonNode token = one.size() == 1 ? one.token(0) : null;
        if (token == null || one.failure(0) != null) {
            return Future.succeededFuture();
        }
        progress.rest();
        Promise<Void> ready = Promise.promise();
        trial.turn(progress.stage(), token)
                .onComplete(turn -> loop.execute(() -> {
                    if (turn.failed()) {
                        ready.fail(turn.cause());
                        return;
                    }
                    if (!turn.result()) {
                        one.spoil(0, Trial.failure(progress.stage(), DIED));
                    }
                    ready.complete();
                }));
        return ready.future();
    }

    private Future<Boolean> next(Records into) {
        Records rest = again;
        if (rest != null) {
            return Future.succeededFuture(send(rest, into));
        }
        Pending range = progress.nextRange();
        if (range != null) {
            return readAgain(range, into);
        }
        if (resumed) {
            return readOn(into);
        }
        resumed = true;
        if (progress.hasEnded()) {
            return Future.succeededFuture(false);
        }
        return source.resume(progress.last()).compose(ready -> readOn(into));
    }

    private Future<Boolean> readOn(Records into) {
        return source.read(into).andThen(more -> {
            progress.admit(into);
            if (more.succeeded() && !more.result() && !closed) {
                progress.end();
            }
        });
    }

    private Future<Boolean> readAgain(Pending range, Records into) {
        Promise<Records> whole = Promise.promise();
        source.replay(range.first(), range.last())
                .onSuccess(ready -> readAll(new ArrayList<>(), whole))
                .onFailure(whole::fail);
        return whole.future().map(all -> {
            progress.readAgain(all);
            again = all;
            sent = 0;
            return send(all, into);
        });
    }

    /** No chain of futures: a range may be long, and what is complete at once must not grow the stack. */
    private void readAll(List<Records> parts, Promise<Records> whole) {
        for (boolean more = true; more; ) {
            Records part = new Records(READ, true);
            parts.add(part);
            Future<Boolean> read = source.read(part);
            if (!read.isComplete()) {
                read.onSuccess(later -> {
                            if (later) {
                                readAll(parts, whole);
                            } else {
                                finish(parts, whole);
                            }
                        })
                        .onFailure(whole::fail);
                return;
            }
            if (read.failed()) {
                whole.fail(read.cause());
                return;
            }
            more = read.result();
        }
        finish(parts, whole);
    }

    private void finish(List<Records> parts, Promise<Records> whole) {
        if (closed) {
            whole.fail("the source was closed while it read again"); // what it has not read stays pending
        } else {
            whole.complete(joined(parts));
        }
    }

    private static Records joined(List<Records> parts) {
        Records all = new Records(parts.stream().mapToInt(Records::size).sum(), true);
        parts.forEach(part -> {
            for (int i = 0; i < part.size(); i++) {
                all.addFrom(part, i);
            }
        });
        return all;
    }

    private boolean send(Records from, Records into) {
        while (sent < from.size() && !into.isFull()) {
            into.addFrom(from, sent++);
        }
        if (sent == from.size()) {
            again = null;
        }
        return true;
    }

    @Override
    public boolean endless() {
        return source.endless();
    }

    @Override
    public long expected() {
        return source.expected();
    }

    /** What a read under way says after this is no end: the source may be read on by another process. */
    @Override
    public Future<Void> close() {
        closed = true;
        return source.close();
    }
}
