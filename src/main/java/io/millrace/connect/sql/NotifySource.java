package io.millrace.connect.sql;

import com.fasterxml.jackson.databind.node.TextNode;
import io.millrace.spi.Assembly;
import io.millrace.spi.Failure;
import io.millrace.spi.Failure.Kind;
import io.millrace.spi.Records;
import io.millrace.spi.Source;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnection;
import io.vertx.pgclient.PgNotification;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens on a connection of its own, and on another when that is lost. pg-client cannot stop reading notifications, so those for which there is no
 * room wait here, up to a bound. A peer that has gone without a word is found out by asking it something now and then. Confined to the
 * event loop of the source.
 */
final class NotifySource implements Source {
    private static final Logger LOG = LoggerFactory.getLogger(NotifySource.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    private static final Duration ASKED_EVERY = Duration.ofSeconds(30);
    private static final Duration ANSWERED_WITHIN = Duration.ofSeconds(10);

    private final Vertx vertx;
    private final String stage;
    private final Postgres db;
    private final String channel;
    private final int bound;
    private final Deque<String> backlog = new ArrayDeque<>();
    private @Nullable Context context;
    private @Nullable PgConnection line;
    private @Nullable Promise<Boolean> reading;
    private @Nullable Records wanted;
    private @Nullable Failure failure;
    private long timer = -1;
    private long lostAt;
    private int attempts;
    private long position;
    private boolean closed;

    NotifySource(Assembly assembly, Postgres db, String channel, int bound) {
        this.vertx = assembly.vertx();
        this.stage = assembly.stage();
        this.db = db;
        this.channel = channel;
        this.bound = bound;
    }

    @Override
    public boolean endless() {
        return true;
    }

    @Override
    public Future<Void> open() {
        context = vertx.getOrCreateContext();
        return listen();
    }

    private Future<Void> listen() {
        return Rehome.here(db.line()).compose(this::listen);
    }

    private Future<Void> listen(PgConnection fresh) {
        fresh.notificationHandler(notification -> here(() -> heard(fresh, notification)));
        fresh.closeHandler(nothing -> here(() -> lost(fresh)));
        fresh.exceptionHandler(thrown -> LOG.trace("connection failed", thrown)); // its end is told
        String sql = "LISTEN \"" + channel.replace("\"", "\"\"") + "\"";
        return Rehome.here(fresh.query(sql).execute())
                .onSuccess(done -> listening(fresh))
                .onFailure(thrown -> fresh.close())
                .recover(thrown -> Future.failedFuture(SqlFailures.of(thrown, sql)))
                .mapEmpty();
    }

    private void listening(PgConnection fresh) {
        if (closed) {
            fresh.close();
            return;
        }
        line = fresh;
        timer = vertx.setTimer(ASKED_EVERY.toMillis(), id -> probe(fresh));
    }

    /** Handlers of a connection are called on its loop, which is ours unless a driver thinks otherwise. */
    private void here(Runnable action) {
        Context ours = context;
        if (ours == null || Vertx.currentContext() == ours) {
            action.run();
        } else {
            ours.runOnContext(v -> action.run());
        }
    }

    private void heard(PgConnection from, PgNotification notification) {
        if (from != line || failure != null || !channel.equals(notification.getChannel())) {
            return;
        }
        if (backlog.size() == bound) {
            overflow(from);
            return;
        }
        backlog.add(notification.getPayload() == null ? "" : notification.getPayload());
        wake();
    }

    private void overflow(PgConnection from) {
        failure = Failure.of(
                Kind.LIMIT,
                "postgres-notify: more than " + bound + " notifications of channel \"" + channel
                        + "\" wait (backlog), for they come faster than the stage takes them. Raise \"backlog\", or the stage's \"concurrency\".");
        leave(from);
        wake();
    }

    private void leave(PgConnection old) {
        line = null;
        vertx.cancelTimer(timer);
        old.close();
    }

    private void lost(PgConnection old) {
        if (old != line || closed) {
            return;
        }
        leave(old);
        lostAt = System.nanoTime();
        attempts = 0;
        LOG.warn(
                "{}: the connection that listens on \"{}\" is lost; notifications are lost until there is another",
                stage,
                channel);
        listenLater();
    }

    private void listenLater() {
        long bounded = Math.min(LONGEST_PAUSE.toMillis(), FIRST_PAUSE.toMillis() << Math.min(attempts++, 10));
        long wait = bounded / 2 + ThreadLocalRandom.current().nextLong(bounded / 2 + 1);
        timer = vertx.setTimer(Math.max(1, wait), id -> {
            if (!closed) {
                listen().onComplete(done -> again(done.succeeded() ? null : done.cause()));
            }
        });
    }

    private void again(@Nullable Throwable refused) {
        if (closed) {
            return;
        }
        if (refused == null) {
            long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - lostAt);
            LOG.warn(
                    "{}: listens on \"{}\" again, after {} s; what was sent meanwhile is lost",
                    stage,
                    channel,
                    seconds);
        } else {
            LOG.debug("{}: cannot listen yet", stage, refused);
            listenLater();
        }
    }

    private void probe(PgConnection asked) {
        timer = vertx.setTimer(ANSWERED_WITHIN.toMillis(), id -> lost(asked));
        asked.query("SELECT 1").execute().onSuccess(answer -> here(() -> answered(asked)));
    }

    private void answered(PgConnection asked) {
        if (asked == line && !closed) {
            vertx.cancelTimer(timer);
            timer = vertx.setTimer(ASKED_EVERY.toMillis(), id -> probe(asked));
        }
    }

    @Override
    public Future<Boolean> read(Records into) {
        drain(into);
        if (into.size() > 0 || failure != null || closed) {
            return outcome(into);
        }
        Promise<Boolean> promise = Promise.promise();
        reading = promise;
        wanted = into;
        return promise.future();
    }

    private Future<Boolean> outcome(Records into) {
        Failure wrong = failure;
        return into.size() == 0 && wrong != null && !closed
                ? Future.failedFuture(wrong)
                : Future.succeededFuture(!closed);
    }

    private void drain(Records into) {
        while (!backlog.isEmpty() && !into.isFull()) {
            into.add(TextNode.valueOf(backlog.remove()), ++position);
        }
    }

    /** Gives a waiting read what there is. */
    private void wake() {
        Promise<Boolean> waiting = reading;
        Records into = wanted;
        if (waiting != null && into != null) {
            reading = null;
            wanted = null;
            drain(into);
            outcome(into).onComplete(waiting);
        }
    }

    @Override
    public Future<Void> close() {
        closed = true;
        vertx.cancelTimer(timer);
        wake();
        PgConnection current = line;
        line = null;
        return current == null
                ? Future.succeededFuture()
                : Future.any(current.close(), vertx.timer(2, TimeUnit.SECONDS))
                        .transform(done -> Future.succeededFuture());
    }
}
