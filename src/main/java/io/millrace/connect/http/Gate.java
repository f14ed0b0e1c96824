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
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says who may send now: so many requests at once to a host and in all, so many starts per time, none to a host that asked for a
 * pause. Those who wait are served in order, host by host. The pool of Vert.x behind it is as large and so never queues; that is
 * what lets a wait be timed apart from connecting, and a waiter leave without a trace.
 *
 * <p>Used from several event loops: one lock, held for a few instructions; nothing foreign is called under it.
 */
final class Gate {
    private static final Logger LOG = LoggerFactory.getLogger(Gate.class);

    /** How often it is told of one host that it fails. */
    private static final long TELL_AGAIN = TimeUnit.MINUTES.toNanos(1);

    /** With so many hosts known, those of which there is nothing to remember are looked for. */
    private static final int SWEEP = 1024;

    /** Timers tick in milliseconds: starts due within this time may be caught up at once. */
    private static final long CATCH_UP = TimeUnit.MILLISECONDS.toNanos(10);

    /**
     * @param perHost requests at once to one host and port
     * @param total requests at once in all
     * @param hostInterval nanoseconds between two starts to one host, 0 for none
     * @param interval nanoseconds between two starts, 0 for none
     * @param retries how many repeated requests a host is sent; empty for no bound
     */
    record Limits(int perHost, int total, long hostInterval, long interval, Optional<RetryBudget.Terms> retries) {
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
        private final Optional<RetryBudget> retries;
        private int inUse;
        private long interval;
        private long nextStart;
        private long pausedUntil;
        private int pausedBy;
        private boolean timerSet;
        private long tellAgain;

        private Host(String address, long now, Optional<RetryBudget.Terms> retries) {
            this.address = address;
            this.retries = retries.map(terms -> new RetryBudget(terms, now));
            this.nextStart = now;
            this.pausedUntil = now;
            this.tellAgain = now - 1;
        }
    }

    private final Vertx vertx;
    private final Limits limits;
    private final Map<String, Host> hosts = new HashMap<>();
    private final Set<Host> starved = new LinkedHashSet<>();
    private int inUse;
    private int sweepAt = SWEEP;
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
        return enter(address, 0, context, granted);
    }

    /**
     * The same to a host that wants time between requests.
     *
     * @param delay nanoseconds between two starts to this host, 0 for none; the longer of this and the client's own counts
     */
    Ticket enter(String address, long delay, Context context, Runnable granted) {
        Ticket ticket;
        List<Ticket> now;
        synchronized (this) {
            ticket = new Ticket(host(address), context, granted);
            ticket.host.interval = Math.max(limits.hostInterval(), delay);
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
        Host host = host(address);
        long until = System.nanoTime() + time.toNanos();
        if (until - host.pausedUntil > 0) {
            host.pausedUntil = until;
            host.pausedBy = status;
        }
    }

    /** Takes a repeated request out of the host's budget, and says how long it has to wait. */
    synchronized Duration takeRetry(String address) {
        Host host = host(address);
        Duration wait =
                host.retries.map(budget -> budget.take(System.nanoTime())).orElse(Duration.ZERO);
        if (!wait.isZero() && System.nanoTime() - host.tellAgain > 0) {
            host.tellAgain = System.nanoTime() + TELL_AGAIN;
            LOG.warn(
                    "{} fails again and again: its retry budget is spent, repeated requests wait for their turn",
                    address);
        }
        return wait;
    }

    private Host host(String address) {
        Host known = hosts.get(address);
        if (known != null) {
            return known;
        }
        if (hosts.size() >= sweepAt) {
            long now = System.nanoTime();
            hosts.values().removeIf(host -> isIdle(host, now));
            sweepAt = Math.max(SWEEP, 2 * hosts.size());
        }
        Host host = new Host(address, System.nanoTime(), limits.retries());
        hosts.put(address, host);
        return host;
    }

    /** Whether the ticket waits, or waited, for something else than a free place: such a wait is not held against it. */
    synchronized boolean paced(Ticket ticket) {
        return limits.paced() || ticket.host.interval > 0 || ticket.host.pausedUntil - ticket.since > 0;
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
                : "waiting for its turn by the client's rate or delay, or the server's crawl-delay (to " + host.address
                        + " " + waiting;
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
        host.retries.ifPresent(budget -> budget.sent(now));
        host.nextStart = after(host.nextStart, now, host.interval);
        nextStart = after(nextStart, now, limits.interval());
        return ticket;
    }

    private static long after(long start, long now, long interval) {
        return interval == 0 ? start : Math.max(start - now, -Math.min(CATCH_UP, interval / 2)) + now + interval;
    }

    private long waitOf(Host host, long now) {
        long wait = host.pausedUntil - now;
        wait = host.interval > 0 ? Math.max(wait, host.nextStart - now) : wait;
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
        if (isIdle(host, System.nanoTime())) {
            hosts.remove(host.address, host);
        }
    }

    private boolean isIdle(Host host, long now) {
        return host.inUse == 0
                && host.waiting.isEmpty()
                && waitOf(host, now) <= 0
                && host.retries.map(budget -> budget.isWhole(now)).orElse(true);
    }

    private static void run(List<Ticket> admitted) {
        admitted.forEach(ticket -> ticket.context.runOnContext(v -> ticket.granted.run()));
    }
}
