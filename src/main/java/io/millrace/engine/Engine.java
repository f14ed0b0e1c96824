package io.millrace.engine;

import io.millrace.flow.CheckedFlow;
import java.util.List;

/** Starts runs. */
@FunctionalInterface
public interface Engine {
    /** Starts a checked flow; returns at once. What goes wrong while starting is a FAILED result with its reason. */
    Run start(CheckedFlow flow, RunOptions options);

    /** Those that have not ended, in the order of their start. Any thread. */
    default List<Run> runs() {
        return List.of();
    }
}
