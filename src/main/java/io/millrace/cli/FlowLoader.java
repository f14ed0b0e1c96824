package io.millrace.cli;

import io.millrace.flow.CheckedFlow;
import io.millrace.flow.FlowReader;

/** Reads and checks a flow. */
@FunctionalInterface
public interface FlowLoader {
    /** Reads and checks it. What is wrong with it stands in the result's problems. */
    CheckedFlow read(FlowReader.Request request);
}
