package io.millrace.connect.http;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Says who may send now: so many requests at once to a host and in all, so many starts per time, none to a host that asked for a
 * pause. Those who wait are served in order, host by host. The pool of Vert.x behind it is as large and so never queues; that is
 * what lets a wait be timed apart from connecting, and a waiter leave without a trace.
 *
 * <p>Used from several event loops: one lock, held for a few instructions; nothing foreign is called under it.
 */
final class Gate {
    /** Timers tick in milliseconds: starts due within this time may be caught up at once. */
    private static final long CATCH_UP = TimeUnit.MILLISECONDS.toNanos(10);

    /**
     * @param perHost requests at once to one host and port
     * @param total requests at once in all
     * @param hostInterval nanoseconds between two starts to one host, 0 for none
     * @param interval nanoseconds between two starts, 0 for none
     */
    record Limits(int perHost, int total, long hostInterval, long interval) {
        boolean paced() {
            return hostInterval > 0 || interval > 0;
        }
    }

    /** One wish to send. */
    static final class Ticket {
        private final Host host;
        private final Context context;
        private final Runnable granted;
        private final long since = System.nanoTime();
        private boolean holding;
        private boolean admitted;

        private Ticket(Host host, Context context, Runnable granted) {
            this.host = host;
            this.context = context;
            this.granted = granted;
        }

        /** Whether it was let through when it came. */
        boolean isAdmitted() {
            return admitted;
        }
    }

    private static final class Host {
        private final String address;
        private final Deque<Ticket> waiting = new ArrayDeque<>();
        private int inUse;
        private long nextStart;
        private long pausedUntil;
        private int pausedBy;
        private boolean timerSet;

        private Host(String address, long now) {
            this.address = address;
            this.nextStart = now;
            this.pausedUntil = now;
        }
    }

    private final Vertx vertx;
    private final Limits limits;
    private final Map<String, Host> hosts = new HashMap<>();
    private final Set<Host> starved = new LinkedHashSet<>();
    private int inUse;
    private long nextStart = System.nanoTime();

    Gate(Vertx vertx, Limits limits) {
        this.vertx = vertx;
        this.limits = limits;
    }

    /**
     * Asks to send. The ticket {@link Ticket#isAdmitted() is admitted} at once, or {@code granted} runs later, on the context. Then
     * {@link #leave} is owed.
     */
    Ticket enter(String address, Context context, Runnable granted) {
        Ticket ticket;
        List<Ticket> now;
        synchronized (this) {
            ticket = new Ticket(
                    hosts.computeIfAbsent(address, name -> new Host(name, System.nanoTime())), context, granted);
            ticket.host.waiting.add(ticket);
            now = admit(ticket.host);
            ticket.admitted = now.remove(ticket);
        }
        run(now);
        return ticket;
    }

    /** The request has ended, or is no longer wanted. May be called more than once. */
    void leave(Ticket ticket) {
        List<Ticket> next = new ArrayList<>();
        synchronized (this) {
            Host host = ticket.host;
            if (!ticket.holding) {
                host.waiting.remove(ticket);
                return;
            }
            ticket.holding = false;
            host.inUse--;
            inUse--;
            next.addAll(admit(host));
            while (!starved.isEmpty() && inUse < limits.total()) {
                Host first = starved.iterator().next();
                starved.remove(first);
                next.addAll(admit(first));
            }
            forgetIfIdle(host);
        }
        run(next);
    }

    /** Sends nothing to the host for a time, since an answer with this status asked for it. */
    synchronized void pause(String address, Duration time, int status) {
        Host host = hosts.computeIfAbsent(address, name -> new Host(name, System.nanoTime()));
        long until = System.nanoTime() + time.toNanos();
        if (until - host.pausedUntil > 0) {
            host.pausedUntil = until;
            host.pausedBy = status;
        }
    }

    /** Whether the ticket waits, or waited, for something else than a free place: such a wait is not held against it. */
    synchronized boolean paced(Ticket ticket) {
        return limits.paced() || ticket.host.pausedUntil - ticket.since > 0;
    }

    /** What the ticket waits for, as a phrase. */
    synchronized String doing(Ticket ticket) {
        Host host = ticket.host;
        long pause = host.pausedUntil - System.nanoTime();
        if (pause > 0) {
            return "waiting out the Retry-After of " + host.address + " (status " + host.pausedBy + ", "
                    + TimeUnit.NANOSECONDS.toMillis(pause) + " ms left)";
        }
        String waiting = host.waiting.size() + " waiting)";
        if (host.inUse >= limits.perHost()) {
            return "waiting for a free connection to " + host.address + " (perHost " + limits.perHost()
                    + ", all in use, " + waiting;
        }
        return inUse >= limits.total()
                ? "waiting for a free connection (connections " + limits.total() + ", all in use; to " + host.address
                        + " " + waiting
                : "waiting for its turn by the client's rate or delay (to " + host.address + " " + waiting;
    }

    synchronized int inUse(Ticket ticket) {
        return ticket.host.inUse;
    }

    synchronized int waiting(Ticket ticket) {
        return ticket.host.waiting.size();
    }

    private List<Ticket> admit(Host host) {
        List<Ticket> admitted = new ArrayList<>(1);
        while (!host.waiting.isEmpty() && host.inUse < limits.perHost()) {
            if (inUse >= limits.total()) {
                starved.add(host);
                break;
            }
            long now = System.nanoTime();
            long wait = waitOf(host, now);
            if (wait > 0) {
                wakeIn(wait, host);
                break;
            }
            admitted.add(take(host, now));
        }
        return admitted;
    }

    private Ticket take(Host host, long now) {
        Ticket ticket = host.waiting.remove();
        ticket.holding = true;
        host.inUse++;
        inUse++;
        host.nextStart = after(host.nextStart, now, limits.hostInterval());
        nextStart = after(nextStart, now, limits.interval());
        return ticket;
    }

    private static long after(long start, long now, long interval) {
        return interval == 0 ? start : Math.max(start - now, -Math.min(CATCH_UP, interval / 2)) + now + interval;
    }

    private long waitOf(Host host, long now) {
        long wait = host.pausedUntil - now;
        wait = limits.hostInterval() > 0 ? Math.max(wait, host.nextStart - now) : wait;
        return limits.interval() > 0 ? Math.max(wait, nextStart - now) : wait;
    }

    private void wakeIn(long nanos, Host host) {
        if (!host.timerSet) {
            host.timerSet = true;
            vertx.setTimer(Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos + 999_999)), id -> wake(host));
        }
    }

    private void wake(Host host) {
        List<Ticket> next;
        synchronized (this) {
            host.timerSet = false;
            next = admit(host);
        }
        run(next);
    }

    private void forgetIfIdle(Host host) {
        if (host.inUse == 0 && host.waiting.isEmpty() && waitOf(host, System.nanoTime()) <= 0) {
            hosts.remove(host.address, host);
        }
    }

    private static void run(List<Ticket> admitted) {
        admitted.forEach(ticket -> ticket.context.runOnContext(v -> ticket.granted.run()));
    }
}
