package io.millrace.engine;

import io.vertx.core.Future;

/** A run under way. May be used from any thread. */
public interface Run {
    /** Completes when all is settled and closed; never fails. */
    Future<RunResult> result();

    /** First signal: sources stop, what is in flight goes on up to the drain time, what is unfinished is kept as CANCELLED. */
    void drain(String reason);

    /** What it is doing now. Cheap enough for several times a second. */
    RunSnapshot snapshot();
}
