package io.millrace.engine;

import io.millrace.engine.item.Whereabouts;
import io.millrace.engine.queue.Loop;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks a few times within the limit whether a step of the run still holds its event loop, and tells once of each that does so again, or for
 * {@value #FLAGRANT} times the limit: the first use of a step may load its classes, and that is nobody's mistake. Loops that do
 * not answer though no step holds them are told of as well, with what their threads are doing; so this stands in for the checker of Vert.x.
 * It has a thread of its own: the loops are what it mistrusts.
 */
final class LoopWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("millrace.run");
    private static final int FLAGRANT = 5;
    private static final long SHORTEST_PERIOD_MS = 5;
    private static final long LONGEST_PERIOD_MS = 250;

    private final String flow;
    private final long limit;
    private final long period;
    private final List<Watched> instances = new CopyOnWriteArrayList<>();
    private final Map<Thread, LoopPulse> pulses = new LinkedHashMap<>();
    private final Map<String, Slow> slowOnes = new LinkedHashMap<>();
    private @Nullable ScheduledFuture<?> ticking;
    private long lastTick;

    /** @param limit how long a step may hold its loop; zero: as long as it likes */
    LoopWatch(String flow, Duration limit) {
        this.flow = flow;
        this.limit = limit.toNanos();
        long millis = limit.isZero() ? LONGEST_PERIOD_MS : limit.toMillis() / 4;
        this.period = TimeUnit.MILLISECONDS.toNanos(Math.max(SHORTEST_PERIOD_MS, Math.min(LONGEST_PERIOD_MS, millis)));
    }

    /** Watches a stage instance from now on. Called on its loop. */
    synchronized void instance(String stage, Whereabouts at, Loop loop) {
        instances.add(new Watched(stage, at, Thread.currentThread()));
        loop(loop);
    }

    /** Watches a loop. Called on it. */
    synchronized void loop(Loop loop) {
        pulses.computeIfAbsent(Thread.currentThread(), thread -> new LoopPulse(loop, thread));
        if (ticking == null) {
            lastTick = System.nanoTime();
            ticking = Ticks.THREAD.scheduleWithFixedDelay(
                    () -> tick(System.nanoTime()), period, period, TimeUnit.NANOSECONDS);
        }
    }

    /** A pause of the whole process, as for a garbage collection, counts as no more than two periods: no step is to blame for it. */
    synchronized void tick(long now) {
        long passed = Math.min(now - lastTick, 2 * period);
        lastTick = now;
        if (limit > 0) {
            instances.forEach(each -> each.look(passed));
        }
        pulses.values().forEach(pulse -> {
            boolean inStep =
                    instances.stream().anyMatch(each -> each.thread == pulse.thread() && each.at.place() != null);
            pulse.look(passed, inStep && limit > 0, flow);
        });
    }

    /** Tells the sums of what it has told once. */
    @Override
    public synchronized void close() {
        if (ticking != null) {
            ticking.cancel(false);
            ticking = null;
        }
        instances.forEach(Watched::released);
        slowOnes.forEach((place, slow) -> {
            if (slow.told) {
                LOG.warn(
                        "flow {}: step {} has held its event loop {}, for {} ms at the longest.",
                        flow,
                        place,
                        slow.times == 1 ? "once" : slow.times + " times",
                        TimeUnit.NANOSECONDS.toMillis(slow.longest));
            }
        });
        instances.clear();
        pulses.clear();
        slowOnes.clear();
    }

    private void tell(String stage, String place) {
        LOG.warn(
                "flow {}, stage {}: step {} has held its event loop for more than {} ms, and all else on that loop waits. Set"
                        + " \"blocking\": true on it.",
                flow,
                stage,
                place,
                TimeUnit.NANOSECONDS.toMillis(limit));
    }

    /** The place that both are in: the innermost block around the two. */
    static String around(String a, String b) {
        if (a.equals(b) || b.startsWith(a + "/")) {
            return a;
        }
        int slash = a.lastIndexOf('/');
        return slash < 0 ? a : around(a.substring(0, slash), b);
    }

    private static final class Slow {
        private int times;
        private long longest;
        private boolean told;
    }

    /** One stage instance. */
    private final class Watched {
        private final String stage;
        private final Whereabouts at;
        private final Thread thread;
        private int turn;
        private long held;
        private @Nullable String place;
        private @Nullable Slow slow;

        Watched(String stage, Whereabouts at, Thread thread) {
            this.stage = stage;
            this.at = at;
            this.thread = thread;
        }

        void look(long passed) {
            int now = at.turn();
            String in = at.place();
            if (in == null || now != turn || place == null) {
                released();
                turn = now;
                place = in;
                return;
            }
            held += passed;
            place = around(place, in);
            if (held >= limit) {
                hold(place);
            }
        }

        private void hold(String where) {
            Slow of = slow;
            if (of == null) {
                of = slowOnes.computeIfAbsent(where, first -> new Slow());
                of.times++;
                slow = of;
            }
            if (!of.told && (of.times > 1 || held >= FLAGRANT * limit)) {
                of.told = true;
                tell(stage, where);
            }
        }

        private void released() {
            if (slow != null) {
                slow.longest = Math.max(slow.longest, held);
            }
            slow = null;
            held = 0;
        }
    }

    /** One for all runs: it does next to nothing. */
    private static final class Ticks {
        private static final ScheduledExecutorService THREAD = Executors.newSingleThreadScheduledExecutor(work -> {
            Thread thread = new Thread(work, "millrace-loop-watch");
            thread.setDaemon(true);
            return thread;
        });
    }
}
