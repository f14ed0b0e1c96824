package io.millrace.engine.stage;

import io.millrace.engine.item.Sequence;
import io.millrace.engine.item.Settling;
import io.millrace.engine.item.StageContext;
import io.millrace.engine.queue.Quota;
import io.millrace.engine.queue.Wire;
import io.millrace.flow.Stage;
import io.millrace.spi.Sink;
import io.millrace.spi.Step;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a stage instance is put together from.
 *
 * @param index its number among the instances
 * @param slots its share of the stage's concurrency
 * @param address where senders reach it
 * @param segment the steps from where an item begins, within the stage's modifiers
 * @param vault what stands in for the sink in a durable run
 * @param limiter shared by all instances
 * @param brake likewise
 */
public record StageParts(
        Stage stage,
        int index,
        int slots,
        String address,
        Quota quota,
        Wire wire,
        StageContext context,
        Sequence steps,
        Step segment,
        Router router,
        Optional<Sink> sink,
        Optional<Vault> vault,
        @Nullable RateLimiter limiter,
        Brake brake,
        StageMetrics metrics,
        Settling settling,
        RunControl control,
        io.millrace.flow.OnError onError) {}
