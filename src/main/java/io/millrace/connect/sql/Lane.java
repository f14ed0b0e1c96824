package io.millrace.connect.sql;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnection;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** A connection and the calls that are under way on it, which the server answers in their order. Guarded by {@link Lanes}. */
final class Lane {
    private static final long SLOW_NANOS = 50_000_000;

    final PgConnection connection;

    /** Whether the server knows the session by the process id that it told us. */
    final boolean direct;

    /** The event loop of the connection, if it was opened on one. */
    final @Nullable Context context = Vertx.currentContext();

    final Deque<Call<?>> calls = new ArrayDeque<>();
    boolean dead;
    int cancels;

    /** Cancel requests on their way: no call is put behind them, or it might be the one they hit. */
    int cancelling;

    /** How often in a row the server was found not to be working on the oldest call. */
    int strikes;

    /** Since when it did nothing, as the server said then. */
    String idleSince = "";

    /** Until then there is no need to ask the server again: it works. */
    long busyUntil = System.nanoTime();

    Lane(Dialer.Line line) {
        this.connection = line.connection();
        this.direct = line.direct();
    }

    /** Whether its oldest call takes long: who joins it may wait for as long as that. */
    boolean stuck(long now) {
        Call<?> head = calls.peekFirst();
        return head != null && now - head.startedNanos > SLOW_NANOS;
    }

    boolean takes(Call<?> call, int depth) {
        if (dead || cancelling > 0 || (!calls.isEmpty() && calls.peekFirst().alone)) {
            return false;
        }
        return calls.isEmpty() || (!call.alone && calls.size() < depth);
    }
}
