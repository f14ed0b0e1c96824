package io.millrace.engine.item;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.engine.queue.Loop;
import io.millrace.spi.Variables;
import io.vertx.core.Future;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** What the frames of a stage instance share. */
public interface StageContext extends Variables {
    String stage();

    Loop loop();

    /** Runs what blocks in a worker pool; the future completes on this instance's loop. */
    <T> Future<T> blocking(String pool, Callable<T> work);

    /** Sends an item to a stage at once. */
    Future<Void> emitNow(Item from, String stage, ObjectNode document);

    /** A variable of the run. */
    @Override
    @Nullable
    JsonNode variable(String name);
}
