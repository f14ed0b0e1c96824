package io.millrace.engine.stage;

import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SingleWriterRecorder;

/** The figures of one instance. Written by its loop alone, read by any thread. */
public final class StageMetrics {
    private static final long LONGEST_MICROS = 24L * 3600 * 1_000_000;

    private final AtomicLong in = new AtomicLong();
    private final AtomicLong out = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final AtomicLong retried = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();
    private final AtomicLong inFlight = new AtomicLong();
    private final AtomicLong queued = new AtomicLong();
    private final SingleWriterRecorder times = new SingleWriterRecorder(LONGEST_MICROS, 2);
    private final Histogram all = new Histogram(LONGEST_MICROS, 2);

    void in() {
        bump(in, 1);
    }

    void out(int count) {
        bump(out, count);
    }

    void failed() {
        bump(failed, 1);
    }

    void retried() {
        bump(retried, 1);
    }

    void dropped() {
        bump(dropped, 1);
    }

    void inFlight(int now) {
        inFlight.lazySet(now);
    }

    void queued(long now) {
        queued.lazySet(now);
    }

    /** Books the time of an item, from its start to its result. */
    void took(long nanos) {
        times.recordValue(Math.min(LONGEST_MICROS, Math.max(0, nanos / 1000)));
    }

    private static void bump(AtomicLong counter, int by) {
        counter.lazySet(counter.get() + by);
    }

    public long inCount() {
        return in.get();
    }

    public long outCount() {
        return out.get();
    }

    public long failedCount() {
        return failed.get();
    }

    public long retriedCount() {
        return retried.get();
    }

    public long droppedCount() {
        return dropped.get();
    }

    public long inFlightNow() {
        return inFlight.get();
    }

    public long queuedNow() {
        return queued.get();
    }

    /** Adds all times booked so far, in microseconds. One reader at a time. */
    public synchronized void addTimesTo(Histogram sum) {
        all.add(times.getIntervalHistogram());
        sum.add(all);
    }
}
