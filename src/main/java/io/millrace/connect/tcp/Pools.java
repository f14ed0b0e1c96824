package io.millrace.connect.tcp;

import io.millrace.spi.Failure;
import io.millrace.spi.Failure.Kind;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetSocket;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** All connections of one step of one stage instance, on its event loop. */
final class Pools {
    /** Many servers close an idle connection after some seconds, and a request must not meet that: in nanoseconds. */
    static final long KEEP = TimeUnit.SECONDS.toNanos(15);

    /** With more open connections than this none is kept idle: a flow may speak to any number of hosts. */
    private static final int MOST_KEPT = 256;

    private static final long FASTEST_TICK = 10;
    private static final long SLOWEST_TICK = 1000;

    private final Vertx vertx;
    private final Context context;
    private final Dialer dialer;
    private final Protocol protocol;
    private final Map<Address, Pool> pools = new HashMap<>();
    private final long tick;
    private @Nullable Pool last;
    private @Nullable Long ticker;
    private int open;
    private boolean closed;

    Pools(Vertx vertx, Context context, Dialer dialer, Protocol protocol) {
        this.vertx = vertx;
        this.context = context;
        this.dialer = dialer;
        this.protocol = protocol;
        this.tick = Math.max(
                FASTEST_TICK, Math.min(SLOWEST_TICK, protocol.replyTimeout().toMillis() / 4));
    }

    Protocol protocol() {
        return protocol;
    }

    void submit(Address to, Request request) {
        if (closed) {
            request.fail(ended());
        } else if (!request.isOver()) {
            of(to).submit(request);
        }
    }

    private Pool of(Address to) {
        Pool before = last;
        if (before != null && before.address().equals(to)) {
            return before;
        }
        Pool found = pools.computeIfAbsent(to, first -> new Pool(this, first));
        last = found;
        return found;
    }

    Future<Connection> connect(Pool pool) {
        Promise<Connection> ready = Promise.promise();
        dialer.connect(pool.address()).onComplete(done -> {
            if (done.failed()) {
                ready.fail(done.cause());
            } else if (closed) {
                done.result().close();
                ready.fail(ended());
            } else {
                opened(done.result(), pool, ready);
            }
        });
        return ready.future();
    }

    private void opened(NetSocket socket, Pool pool, Promise<Connection> ready) {
        if (open++ == 0) {
            ticker = vertx.setPeriodic(tick, id -> tick());
        }
        Connection connection = new Connection(vertx, context, socket, pool, protocol);
        if (protocol.greeting()) {
            greet(connection, pool, ready);
        } else {
            ready.complete(connection);
        }
    }

    private void greet(Connection connection, Pool pool, Promise<Connection> ready) {
        long timer = vertx.setTimer(Math.max(1, protocol.connectTimeout().toMillis()), late -> {
            connection.end();
            ready.tryFail(Failure.of(
                    Kind.TIMEOUT,
                    pool.address() + " did not speak first within " + Failures.inWords(protocol.connectTimeout())));
        });
        connection.awaitGreeting(() -> {
            vertx.cancelTimer(timer);
            ready.tryComplete(connection);
        });
    }

    private void tick() {
        long now = System.nanoTime();
        List.copyOf(pools.values()).forEach(pool -> pool.tick(now));
    }

    /** A connection has gone. */
    void closed() {
        Long running = ticker;
        if (--open == 0 && running != null) {
            vertx.cancelTimer(running);
            ticker = null;
        }
    }

    boolean isCrowded() {
        return open > MOST_KEPT;
    }

    void forgetIfEmpty(Pool pool) {
        if (pool.isEmpty()) {
            pools.remove(pool.address(), pool);
            last = last == pool ? null : last;
        }
    }

    static Failure ended() {
        return Failure.of(Kind.CANCELLED, "the run has ended");
    }

    Future<Void> close() {
        closed = true;
        return Future.join(List.copyOf(pools.values()).stream().map(Pool::close).toList())
                .eventually(dialer::close)
                .mapEmpty();
    }
}
