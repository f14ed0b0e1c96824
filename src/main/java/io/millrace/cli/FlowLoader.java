package io.millrace.cli;

import io.millrace.flow.CheckedFlow;
import java.nio.file.Path;
import java.util.Map;

/** Reads and checks a flow file. */
@FunctionalInterface
public interface FlowLoader {
    /**
     * Reads and checks the file. What is wrong with it stands in the result's problems.
     *
     * @param file as the user named it
     * @param params values of {@code -p}
     * @param overrides values of {@code --set}, by {@code stage.field}
     */
    CheckedFlow load(Path file, Map<String, String> params, Map<String, String> overrides);
}
