package io.millrace.engine.stage;

import io.millrace.engine.item.Item;
import io.millrace.engine.item.ItemFrame;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The items of one instance that are under way: each holds a slot until its results are placed or its dead letter is kept. */
final class Slots {
    private final int limit;
    private final StageMetrics metrics;
    private final Map<Item, ItemFrame> running = new LinkedHashMap<>();
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

    /** Notes steps that are not done at once, so that they can be cancelled. */
    void started(ItemFrame frame) {
        running.put(frame.item(), frame);
    }

    /** The steps are done; false if they were given up before. */
    boolean finished(ItemFrame frame) {
        return running.remove(frame.item(), frame);
    }

    List<ItemFrame> running() {
        return new ArrayList<>(running.values());
    }
}
