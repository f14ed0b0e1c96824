package io.millrace.engine.durable;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.engine.item.Held;
import io.millrace.engine.item.Item;
import io.millrace.engine.stage.Vault;
import io.millrace.flow.OnError;
import io.millrace.flow.Stage;
import io.millrace.spi.Holding;
import io.millrace.spi.Jq;
import io.millrace.spi.Variables;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The sink of one stage, as the committer sees it. Documents are encoded as they come. Where the stage keeps an order (all of it, or that of a
 * key) what came later is not written before what came earlier.
 */
final class SinkVault implements Vault {
    /** Keys are put together into so many lines: a line may wait for another key's root, an order is never broken. */
    private static final int KEY_LINES = 256;

    private final Stage stage;
    private final Holding sink;
    private final OnError decision;
    private final AtomicLong arrivals = new AtomicLong();
    private final LongAdder refused = new LongAdder();
    private final List<Queue<HeldRow>> lines = new ArrayList<>();

    /** @param decision what becomes of rows that the sink refuses */
    SinkVault(Stage stage, Holding sink, OnError decision) {
        this.stage = stage;
        this.sink = sink;
        this.decision = decision;
        int count = stage.ordered() ? 1 : stage.queue().key().isPresent() ? KEY_LINES : 0;
        for (int i = 0; i < count; i++) {
            lines.add(new ConcurrentLinkedQueue<>());
        }
    }

    String stage() {
        return stage.name();
    }

    Stage definition() {
        return stage;
    }

    Holding sink() {
        return sink;
    }

    OnError decision() {
        return decision;
    }

    /** Counts rows that were refused after they had been taken for good. */
    LongAdder refused() {
        return refused;
    }

    List<Queue<HeldRow>> lines() {
        return lines;
    }

    @Override
    public Held encode(Item item, Variables variables) {
        int line = line(item, variables);
        HeldRow row = new HeldRow(
                this, sink.encode(item.document(), variables), item.entry(), arrivals.getAndIncrement(), line);
        if (line >= 0) {
            lines.get(line).add(row);
        }
        return row;
    }

    private int line(Item item, Variables variables) {
        if (lines.size() <= 1) {
            return lines.size() - 1;
        }
        Jq key = stage.queue().key().orElseThrow();
        @Nullable JsonNode value = key.one(item.entry().document(), variables);
        return (value.hashCode() & Integer.MAX_VALUE) % KEY_LINES;
    }
}
