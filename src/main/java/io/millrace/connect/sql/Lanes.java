package io.millrace.connect.sql;

import io.millrace.spi.Failure;
import io.millrace.spi.Failure.Kind;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnection;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The connections of a resource. Two things are asked of them that pg-client's pool does not give at once: single statements pipelined over
 * few connections (eight times the throughput of one at a time), and each of them cancellable on the server; and a connection that has
 * fallen silent must not come back from the dead.
 *
 * <p><b>Choice.</b> A call takes an idle connection, or waits for a new one while there are fewer than the bound, or joins the
 * shortest queue; one behind a slow statement only where all are slow. A call that must be alone waits for an idle one; who comes after it then waits behind it, so it is not starved.
 *
 * <p><b>Cancel.</b> A cancel request names a connection, not a statement: it hits whatever runs there. So one is sent only when the call has
 * come to the head of its connection, and no call joins meanwhile. Should it still hit a call that joined earlier, that one was
 * rolled back as a whole, being its own transaction, and is run again. So is one whose prepared form was made before its
 * table changed: the server refuses it before it has done anything, on each connection once.
 *
 * <p><b>Silence.</b> {@link Watchdog} calls {@link #abandon} for a connection of which the server knows nothing any more.
 *
 * <p>Used from several event loops: state under this object's lock, foreign code called outside of it.
 */
final class Lanes {
    /** Statements in flight on one connection: beyond this, more wait does not buy more throughput. */
    private static final int DEPTH = 64;

    private static final int RERUNS = 3;

    /** After a connection could not be opened, those that there are must do for so long. */
    private static final Duration GROW_AGAIN = Duration.ofSeconds(1);

    private static final long LONGEST_TRUST_NANOS = 10_000_000_000L;

    private static final long CANCEL_AGAIN_MS = 100;

    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(2);

    private final Dialer dialer;
    private final Vertx vertx;
    private final int bound;
    private final List<Lane> lanes = new ArrayList<>();
    private final Deque<Call<?>> waiting = new ArrayDeque<>();
    private int dialing;
    private long noGrowthBefore = System.nanoTime();
    private volatile boolean closed;

    Lanes(Vertx vertx, Dialer dialer, int bound) {
        this.vertx = vertx;
        this.dialer = dialer;
        this.bound = bound;
    }

    /** Runs one statement, maybe behind others on the same connection. It must be a transaction of its own. */
    <T> Call<T> shared(Function<PgConnection, Future<T>> work) {
        return start(new Call<>(this, false, work));
    }

    /** Runs several statements on a connection that nobody else uses meanwhile. */
    <T> Call<T> alone(Function<PgConnection, Future<T>> work) {
        return start(new Call<>(this, true, work));
    }

    private <T> Call<T> start(Call<T> call) {
        synchronized (this) {
            if (!closed) {
                waiting.add(call);
            }
        }
        if (closed) {
            call.fail(Failure.of(Kind.CANCELLED, "the connections to PostgreSQL are closed"));
        }
        drain();
        return call;
    }

    /** An idle connection; none if one more is being opened for the call; else the one that will be free first. */
    private @Nullable Lane choose(Call<?> call) {
        Lane best = null;
        long now = System.nanoTime();
        for (Lane lane : lanes) {
            if (lane.takes(call, DEPTH) && (best == null || nearer(lane, best, now))) {
                best = lane;
            }
        }
        return best != null && (best.calls.isEmpty() || !grow(now)) ? best : null;
    }

    private static boolean nearer(Lane lane, Lane best, long now) {
        if (lane.stuck(now) != best.stuck(now)) {
            return best.stuck(now);
        }
        int less = lane.calls.size() - best.calls.size();
        return less < 0 || (less == 0 && lane.context == Vertx.currentContext() && best.context != lane.context);
    }

    /** Opens a connection for who waits, if there may be one more; whether one is on its way to them. */
    private boolean grow(long now) {
        if (dialing >= waiting.size()) {
            return true;
        }
        boolean paused = !lanes.isEmpty() && now - noGrowthBefore < 0;
        if (paused || lanes.size() + dialing >= bound) {
            return false;
        }
        dialing++;
        dialer.dial().onComplete(line -> opened(new Lane(line)), this::notOpened);
        return true;
    }

    private void opened(Lane lane) {
        lane.connection.closeHandler(nothing -> forget(lane));
        lane.connection.exceptionHandler(thrown -> {}); // told by the calls that fail
        boolean unwanted;
        synchronized (this) {
            dialing--;
            unwanted = closed;
            if (!closed) {
                lanes.add(lane);
            }
        }
        if (unwanted) {
            lane.connection.close();
        }
        drain();
    }

    private void notOpened(Throwable cause) {
        List<Call<?>> failed = List.of();
        synchronized (this) {
            dialing--;
            noGrowthBefore = System.nanoTime() + GROW_AGAIN.toNanos();
            if (lanes.isEmpty() && dialing == 0) {
                failed = List.copyOf(waiting);
                waiting.clear();
            }
        }
        failed.forEach(call -> call.fail(cause));
        drain();
    }

    private void join(Call<?> call, Lane lane) {
        call.lane = lane;
        call.cancelsBefore = lane.cancels;
        if (lane.calls.isEmpty()) {
            call.startedNanos = System.nanoTime();
            lane.strikes = 0;
        }
        lane.calls.add(call);
    }

    private <T> void run(Call<T> call, Lane lane) {
        Future<T> result;
        try {
            result = call.work.apply(lane.connection);
        } catch (RuntimeException e) {
            result = Future.failedFuture(e);
        }
        result.onComplete(
                value -> {
                    leave(call, lane);
                    call.succeed(value);
                },
                thrown -> failed(call, lane, thrown));
    }

    private <T> void failed(Call<T> call, Lane lane, Throwable thrown) {
        boolean again;
        synchronized (this) {
            boolean victim = !call.cancelled && lane.cancels > call.cancelsBefore && SqlFailures.cancelled(thrown);
            again = !call.alone && (victim || SqlFailures.stale(thrown)) && call.runs++ < bound + RERUNS;
        }
        if (SqlFailures.closed(thrown)) {
            forget(lane);
        }
        leave(call, lane);
        if (again) {
            start(call);
        } else {
            call.fail(thrown);
        }
    }

    private void leave(Call<?> call, Lane lane) {
        Call<?> head;
        synchronized (this) {
            lane.calls.remove(call);
            head = lane.calls.peekFirst();
            if (head != null && head.startedNanos == 0) {
                head.startedNanos = System.nanoTime();
                lane.strikes = 0;
            }
        }
        if (head != null && head.cancelled) {
            requestCancel(head, lane);
        }
        drain();
    }

    private void drain() {
        while (true) {
            Call<?> call;
            Lane lane;
            synchronized (this) {
                call = waiting.peekFirst();
                if (call == null) {
                    return;
                }
                lane = choose(call);
                if (lane == null) {
                    grow(System.nanoTime());
                    return;
                }
                waiting.pollFirst();
                join(call, lane);
            }
            run(call, lane);
        }
    }

    void cancel(Call<?> call) {
        Lane lane;
        boolean waits;
        synchronized (this) {
            if (call.cancelled || call.future().isComplete()) {
                return;
            }
            call.cancelled = true;
            waits = waiting.remove(call);
            lane = call.lane != null && call.lane.calls.peekFirst() == call ? call.lane : null;
        }
        if (waits) {
            call.fail(Failure.of(Kind.CANCELLED, "cancelled while it waited for a connection"));
        } else if (lane != null) {
            requestCancel(call, lane);
        }
    }

    /** What the call does now, as a phrase. */
    synchronized String doing(Call<?> call, String sql) {
        if (call.lane == null) {
            return lanes.isEmpty() && dialing > 0
                    ? "connecting to PostgreSQL"
                    : "waiting for a connection to PostgreSQL (pool " + bound + ", " + waiting.size() + " waiting)";
        }
        return call.lane.calls.peekFirst() == call
                ? SqlText.running(sql)
                : "waiting behind another statement on the same connection, then " + SqlText.running(sql);
    }

    /** A request that reaches the server before the statement has begun there goes unheeded: so it is repeated until the call has ended. */
    private void requestCancel(Call<?> call, Lane lane) {
        synchronized (this) {
            lane.cancels++;
            lane.cancelling++;
        }
        lane.connection.cancelRequest().onComplete(done -> {
            synchronized (this) {
                lane.cancelling--;
            }
            whileUnheeded(() -> isHead(call, lane), () -> requestCancel(call, lane));
            drain();
        });
    }

    private synchronized boolean isHead(Call<?> call, Lane lane) {
        return !lane.dead && lane.calls.peekFirst() == call;
    }

    /** Does it again a little later, if it is still called for then. */
    void whileUnheeded(BooleanSupplier unheeded, Runnable again) {
        if (unheeded.getAsBoolean()) {
            vertx.setTimer(CANCEL_AGAIN_MS, fired -> {
                if (unheeded.getAsBoolean()) {
                    again.run();
                }
            });
        }
    }

    /** Connections whose oldest call has been under way for longer than this. */
    synchronized List<Lane> slow(Duration than) {
        long now = System.nanoTime();
        return lanes.stream()
                .filter(lane -> works(lane.calls.peekFirst(), now, than) && now - lane.busyUntil >= 0)
                .toList();
    }

    private static boolean works(@Nullable Call<?> head, long now, Duration than) {
        return head != null && !head.resting && now - head.startedNanos > than.toNanos();
    }

    /** Tells whether the server has something to do for a call that has a connection to itself. */
    synchronized void working(Call<?> call, boolean works) {
        call.resting = !works;
        call.startedNanos = System.nanoTime();
        if (call.lane != null) {
            call.lane.strikes = 0;
        }
    }

    /**
     * Counts one more sign that the server has forgotten the connection; at the second its calls fail, and it is never used again.
     *
     * @param since when it last did something for it: another than before is a first sign
     */
    void strike(Lane lane, String since, Failure why) {
        synchronized (this) {
            if (!since.equals(lane.idleSince)) {
                lane.idleSince = since;
                lane.strikes = 0;
            }
            if (++lane.strikes < 2) {
                return;
            }
        }
        abandon(lane, why);
    }

    /** The server works on it: who has waited for long can wait a little longer before it is asked again. */
    synchronized void alive(Lane lane) {
        lane.strikes = 0;
        Call<?> head = lane.calls.peekFirst();
        if (head != null) {
            long now = System.nanoTime();
            lane.busyUntil = now + Math.min(LONGEST_TRUST_NANOS, (now - head.startedNanos) / 2);
        }
    }

    private void abandon(Lane lane, Failure why) {
        List<Call<?>> calls;
        synchronized (this) {
            lane.dead = true;
            lanes.remove(lane);
            calls = List.copyOf(lane.calls);
            lane.calls.clear();
        }
        calls.forEach(call -> call.fail(why));
        lane.connection.close(); // never completes on a dead line, and nobody waits for it
        drain();
    }

    /**
     * Its connection has closed. pg-client fails what was under way, but for a statement that it wrote into the closing socket: that
     * one would stay pending for ever, so all that is left a turn later is failed here.
     */
    private void forget(Lane lane) {
        synchronized (this) {
            lane.dead = true;
            lanes.remove(lane);
        }
        vertx.runOnContext(nothing ->
                abandon(lane, Failure.of(Kind.UNREACHABLE, "the connection to PostgreSQL was closed by the server")));
    }

    /** Closes all; what has not closed within two seconds is left to the garbage collector. */
    Future<Void> close() {
        List<Lane> open;
        List<Call<?>> left;
        synchronized (this) {
            closed = true;
            open = lanes.stream()
                    .sorted(Comparator.comparingInt(lane -> lane.calls.size()))
                    .toList();
            left = List.copyOf(waiting);
            waiting.clear();
        }
        left.forEach(call -> call.fail(Failure.of(Kind.CANCELLED, "the connections to PostgreSQL are closed")));
        List<Future<Void>> closes =
                open.stream().map(lane -> within(lane.connection.close())).toList();
        return Future.join(closes).transform(done -> Future.succeededFuture());
    }

    Future<Void> within(Future<Void> close) {
        return Future.any(close, vertx.timer(CLOSE_WITHIN.toMillis(), java.util.concurrent.TimeUnit.MILLISECONDS))
                .mapEmpty();
    }
}
