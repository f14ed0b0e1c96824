package io.millrace.engine;

import io.millrace.flow.CheckedFlow;

/** Starts runs. */
@FunctionalInterface
public interface Engine {
    /** Starts a checked flow; returns at once. What goes wrong while starting is a FAILED result with its reason. */
    Run start(CheckedFlow flow, RunOptions options);
}
