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

    /** Where this instance is right now. */
    Whereabouts whereabouts();

    /** Whether the calling thread is this instance's loop; steps that the flow runs in a worker pool are on another. */
    default boolean onLoop() {
        return true;
    }

    /** Hands what blocks to a worker pool; its result comes on this instance's loop. */
    <T> BlockingCall<T> blocking(String pool, Callable<T> work);

    /** Whether work of this instance waits for room in a worker pool's queue: then it starts no more items. */
    default boolean crowded() {
        return false;
    }

    /** Sends an item to a stage at once. */
    Future<Void> emitNow(Item from, String stage, ObjectNode document);

    /** A variable of the run. */
    @Override
    @Nullable
    JsonNode variable(String name);
}
