package io.millrace.engine.item;

import java.util.concurrent.atomic.LongAdder;

/** One source, as the account of its roots: how many were admitted, how many are settled. */
public final class Origin {
    private final String stage;
    private final Runnable whenSettled;
    private final Tally tally;
    private final LongAdder settled = new LongAdder();
    private volatile long admitted;
    private volatile boolean ended;

    /**
     * @param tally the run's account of active branches
     * @param whenSettled told, from any thread, when roots are settled after the source has ended
     */
    public Origin(String stage, Tally tally, Runnable whenSettled) {
        this.stage = stage;
        this.tally = tally;
        this.whenSettled = whenSettled;
    }

    public String stage() {
        return stage;
    }

    Tally tally() {
        return tally;
    }

    /** Whether items of the run may rest in groups. */
    public boolean mayRest() {
        return tally.isCounting();
    }

    /** Admits roots. Only the source's loop calls this, before their items are sent. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // a single writer
    public void admit(int count) {
        admitted += count;
    }

    /** The source has ended: nothing more is admitted. */
    public void end() {
        ended = true;
        whenSettled.run();
    }

    void settle(long count) {
        settled.add(count);
        if (ended) {
            whenSettled.run();
        }
    }

    public long admitted() {
        return admitted;
    }

    public boolean ended() {
        return ended;
    }

    /** Whether every root that was admitted is settled. */
    public boolean isIdle() {
        return settled.sum() == admitted;
    }

    /** Whether the source has ended and every root is settled; then it stays so. */
    public boolean done() {
        return ended && isIdle();
    }
}
