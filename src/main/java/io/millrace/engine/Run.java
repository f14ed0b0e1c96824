package io.millrace.engine;

import io.vertx.core.Future;

/** A run under way. May be used from any thread. */
public interface Run {
    /** Its identity, as {@code $run.id} and the dead letters show it. */
    String id();

    /** Completes when all is settled and closed; never fails. */
    Future<RunResult> result();

    /** First signal: sources stop, what is in flight goes on up to the drain time, what is unfinished is kept as CANCELLED. */
    void drain(String reason);

    /** Sources stop, and what is in flight is cancelled at once: it cleans up, and is kept as CANCELLED. */
    void cancel(String reason);

    /** Cancels the item of that id ({@code $meta.id}), if it is running; tells how many of its branches were. */
    Future<Integer> cancelItem(String id);

    /** What it is doing now. Cheap enough for several times a second. */
    RunSnapshot snapshot();
}
