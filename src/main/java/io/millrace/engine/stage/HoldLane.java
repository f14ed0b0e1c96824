package io.millrace.engine.stage;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.engine.item.Item;
import io.millrace.engine.item.Settling;
import io.millrace.spi.Failure;
import io.millrace.spi.Variables;
import org.jspecify.annotations.Nullable;

/** The way into a vault: there is always room, for it is the sources that are held back. */
final class HoldLane implements Lane {
    private final String stage;
    private final Vault vault;
    private final Variables run;
    private final StageMetrics metrics;
    private final Settling settling;
    private final Refusal refusal;

    HoldLane(StageParts parts, Vault vault, Refusal refusal) {
        this.stage = parts.stage().name();
        this.vault = vault;
        this.run = parts.context();
        this.metrics = parts.metrics();
        this.settling = parts.settling();
        this.refusal = refusal;
    }

    @Override
    public boolean offer(Item item) {
        try {
            item.root().hold(vault.encode(item, name -> variable(name, item)));
        } catch (RuntimeException thrown) {
            refusal.refused(item, Failure.from(thrown).at(stage + "/sink"));
            return true;
        }
        metrics.out(1);
        item.root().release(settling);
        return true;
    }

    private @Nullable JsonNode variable(String name, Item item) {
        return name.equals("meta") ? item.meta(stage) : run.variable(name);
    }

    @Override
    public void await(Item item, Runnable placed) {
        throw new IllegalStateException("a vault has always room");
    }

    @Override
    public void hurry() {
        // nothing waits here
    }

    @Override
    public void abort() {
        // what is held is thrown away with its root
    }
}
