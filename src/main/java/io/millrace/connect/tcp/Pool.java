package io.millrace.connect.tcp;

import io.millrace.spi.Failure;
import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The connections of a step to one address. A request takes one that is idle, else a new one, and only when there may be no more of
 * them it goes behind others on the one with the fewest. On the event loop of its step.
 */
final class Pool {
    /** While others work, a connection that did not come about is not tried again for so long, in nanoseconds. */
    private static final long PAUSE = 100_000_000L;

    private final Pools pools;
    private final Address address;
    private final Protocol protocol;
    private final Deque<Request> waiting = new ArrayDeque<>();
    private final List<Connection> open = new ArrayList<>();
    private int connecting;
    private long notBefore = System.nanoTime();

    Pool(Pools pools, Address address) {
        this.pools = pools;
        this.address = address;
        this.protocol = pools.protocol();
    }

    Address address() {
        return address;
    }

    boolean isEmpty() {
        return open.isEmpty() && connecting == 0 && waiting.isEmpty();
    }

    void submit(Request request) {
        request.in(this);
        waiting.add(request);
        assign();
    }

    /** Nobody waits for the request any more, and it has not been sent. */
    void withdraw(Request request) {
        waiting.remove(request);
    }

    private void assign() {
        while (!waiting.isEmpty()) {
            Connection best = best();
            if (best != null && best.load() == 0) {
                best.send(waiting.remove());
            } else if (connecting < waiting.size() && mayConnect()) {
                connect();
            } else if (best != null && connecting < waiting.size()) {
                best.send(waiting.remove());
            } else {
                return;
            }
        }
    }

    /** The connection with the fewest requests that takes another. */
    private @Nullable Connection best() {
        Connection best = null;
        int least = protocol.pipeline();
        for (Connection each : open) {
            if (each.load() < least && each.isUsable()) {
                best = each;
                least = each.load();
                if (least == 0) {
                    return best;
                }
            }
        }
        return best;
    }

    private boolean mayConnect() {
        return open.size() + connecting < protocol.connections()
                && (open.isEmpty() || System.nanoTime() - notBefore >= 0);
    }

    private void connect() {
        connecting++;
        pools.connect(this).onComplete(done -> {
            connecting--;
            if (done.succeeded()) {
                connected(done.result());
            } else {
                notConnected(Failures.connecting(done.cause(), address, protocol.connectTimeout()));
            }
        });
    }

    private void connected(Connection connection) {
        if (!connection.isClosed()) {
            open.add(connection);
        }
        assign();
    }

    /** Those that wait fail only when there is no connection at all that could serve them. */
    private void notConnected(Failure failure) {
        notBefore = System.nanoTime() + PAUSE;
        if (open.isEmpty() && connecting == 0) {
            failWaiting(failure);
        }
        assign();
        pools.forgetIfEmpty(this);
    }

    private void failWaiting(Failure failure) {
        List<Request> lost = List.copyOf(waiting);
        waiting.clear();
        lost.forEach(request -> request.fail(failure));
    }

    /** The connection has had replies: there may be room on it. */
    void moved(Connection connection) {
        assign();
        if (pools.isCrowded()) {
            connection.closeIfIdle();
        }
    }

    void gone(Connection connection) {
        if (open.remove(connection)) {
            pools.closed();
            assign();
            pools.forgetIfEmpty(this);
        }
    }

    void tick(long now) {
        List.copyOf(open).forEach(connection -> connection.tick(now, Pools.KEEP));
    }

    Future<Void> close() {
        failWaiting(Pools.ended());
        return Future.join(List.copyOf(open).stream().map(Connection::end).toList())
                .<Void>mapEmpty()
                .otherwiseEmpty();
    }
}
