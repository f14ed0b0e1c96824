package io.millrace.engine.durable;

import io.millrace.engine.queue.Loop;
import io.millrace.engine.stage.Brake;
import io.millrace.spi.Failure;
import io.millrace.spi.Quantities;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds a stage back when its items suddenly fail: when of its latest items a larger share failed than on the average of the run, by {@code limits.spike}. Then it
 * tries a few items now and then, and goes on when they fare as items did before; or when, time and again, some of them succeed and too many do not: then that is how it
 * is now. A flow whose items fail from its beginning has no average to rise above.
 */
final class Spike implements Brake {
    /** Items after which the latest ones become part of the average. */
    static final int WINDOW = 200;

    /** Of the latest items, how many must have ended before their share means something. */
    private static final int FEW = 100;

    /** Items of a try that must all fail to end it; else so many are tried in all. */
    private static final int FIRST = 3;

    private static final int TRIED = 10;

    /** Tries of which some items succeed, after which it goes on whatever fails. */
    private static final int MOST_DOUBTS = 3;

    private static final Duration SHORTEST = Duration.ofSeconds(5);
    private static final Duration LONGEST = Duration.ofSeconds(60);
    private static final int MOST_REASONS = 32;

    private static final Logger LOG = LoggerFactory.getLogger("millrace.run");

    private record Reason(String first, int times) {}

    private final String stage;
    private final Spikes all;
    private final Loop loop;
    private final List<Runnable> waiting = new CopyOnWriteArrayList<>();
    private final LongAdder fine = new LongAdder();
    private final AtomicInteger permits = new AtomicInteger();
    private final Map<String, Reason> reasons = new HashMap<>();
    private volatile boolean on;
    private long known;
    private long knownBad;
    private long fineAt;
    private long bad;
    private boolean trying;
    private boolean more;
    private int round;
    private int doubts;
    private Duration pause = SHORTEST;

    Spike(String stage, Spikes all, Loop loop) {
        this.stage = stage;
        this.all = all;
        this.loop = loop;
        all.before().ifPresent(share -> average(share));
    }

    String stage() {
        return stage;
    }

    private void average(double share) {
        known = WINDOW;
        knownBad = Math.round(share * WINDOW);
    }

    private double average() {
        return (double) knownBad / known;
    }

    @Override
    public boolean holds() {
        if (all.isFull()) {
            all.heldBack();
            return all.isFull(); // if there is room since, nobody may tell of it
        }
        return on && permits.get() <= 0;
    }

    @Override
    public void started() {
        if (on) {
            permits.decrementAndGet();
        }
    }

    @Override
    public void succeeded() {
        fine.increment();
        if (on) {
            judge();
        }
    }

    @Override
    public void undone() {
        fine.decrement();
    }

    @Override
    public void whenFree(Runnable task) {
        waiting.add(task);
    }

    @Override
    public void failed(Failure failure) {
        if (failure.kind() == Failure.Kind.CANCELLED) {
            return;
        }
        synchronized (this) {
            if (!on && latest() >= WINDOW) {
                known += latest();
                knownBad += bad;
                begin();
            }
            bad++;
            remember(failure);
            if (!on && latest() >= FEW && known >= WINDOW && bad > (average() + all.rise()) * latest()) {
                hold();
                return;
            }
        }
        if (on) {
            judge();
        }
    }

    /** How many items have ended since the average was taken, or since a try began. */
    private long latest() {
        return fine.sum() - fineAt + bad;
    }

    private void begin() {
        fineAt = fine.sum();
        bad = 0;
        reasons.clear();
    }

    private void remember(Failure failure) {
        String place = failure.step() == null ? stage : failure.step();
        String key = place + failure.kind() + failure.status() + failure.code();
        if (reasons.size() < MOST_REASONS || reasons.containsKey(key)) {
            reasons.merge(
                    key,
                    new Reason(place + ": " + failure.message(), 1),
                    (old, more) -> new Reason(old.first, old.times + 1));
        }
    }

    private void hold() {
        Reason most = reasons.values().stream()
                .max(Comparator.comparingInt(Reason::times))
                .orElseThrow();
        LOG.warn(
                "paused: {} of the last {} items of stage \"{}\" have failed, and {} % of those before; {} like this one: {}. No records are"
                        + " read meanwhile. A few items are tried every {} to {}, and all goes on by itself when they succeed. Mend what is wrong, or stop"
                        + " the run: what is not done stays for the next one (limits.spike)",
                bad,
                latest(),
                stage,
                Math.round(100 * average()),
                most.times,
                all.shown(most.first),
                Quantities.inWords(SHORTEST),
                Quantities.inWords(LONGEST));
        permits.set(0);
        doubts = 0;
        pause = SHORTEST;
        on = true;
        all.pause(this);
        later();
    }

    private void later() {
        trying = false;
        Duration time = pause;
        loop.execute(() -> loop.after(time, this::attempt));
        pause = time.multipliedBy(2).compareTo(LONGEST) < 0 ? time.multipliedBy(2) : LONGEST;
    }

    private void attempt() {
        int now;
        synchronized (this) {
            trying = true;
            more = false;
            now = ++round;
            begin();
            permits.set(FIRST);
        }
        free();
        admit(now);
    }

    /** Again and again: a source that has nothing may have taken what was to be let in. */
    private void admit(int of) {
        synchronized (this) {
            if (!trying || of != round) {
                return;
            }
        }
        all.admit(TRIED);
        loop.after(SHORTEST, () -> admit(of));
    }

    void free() {
        waiting.forEach(Runnable::run);
    }

    private void judge() {
        synchronized (this) {
            long ended = latest();
            if (!trying || ended < FIRST) {
                return;
            }
            if (bad >= ended) {
                doubts = 0;
                later();
                return;
            }
            if (ended < TRIED && more) {
                return;
            }
            if (ended < TRIED) {
                more = true;
                permits.addAndGet(TRIED - FIRST);
            } else if (!isOver(ended)) {
                later();
                return;
            }
        }
        free();
    }

    /** Whether items fare as before, or as they do now. */
    private boolean isOver(long ended) {
        boolean same = bad <= (average() + all.rise()) * ended;
        doubts++;
        if (!same && doubts < MOST_DOUBTS) {
            return false;
        }
        if (same) {
            LOG.info("stage \"{}\" goes on: {} of {} items have succeeded", stage, ended - bad, ended);
        } else {
            LOG.warn(
                    "stage \"{}\" goes on, though {} of {} items fail: some succeed, so that is taken for how it is now",
                    stage,
                    bad,
                    ended);
            average((double) bad / ended);
        }
        begin();
        trying = false;
        on = false;
        all.resume(this);
        return true;
    }
}
