package io.millrace.engine.stage;

/** The items of one instance that are under way: each holds a slot until its results are placed or its dead letter is kept. */
final class Slots {
    private final int limit;
    private final StageMetrics metrics;
    private int taken;

    Slots(int limit, StageMetrics metrics) {
        this.limit = limit;
        this.metrics = metrics;
    }

    boolean isFree() {
        return taken < limit;
    }

    boolean isIdle() {
        return taken == 0;
    }

    void take() {
        metrics.inFlight(++taken);
    }

    void free() {
        metrics.inFlight(--taken);
    }
}
