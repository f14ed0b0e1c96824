package io.millrace.cli;

import io.millrace.control.LocalRuns;
import io.millrace.spi.Expressions;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What the command line works with. The composition root fills it; tests fill it with small real ones.
 *
 * @param flows reads flow files
 * @param components what {@code components} and {@code schema} show
 * @param works opens the engine
 * @param nearby looks for the runs of this machine
 * @param address reads the address of a store: throws IllegalArgumentException with a sentence for the user if it cannot, which holds no password
 * @param expressions compiles filters
 */
public record Toolbox(
        FlowLoader flows,
        ComponentDocs components,
        WorksFactory works,
        Supplier<LocalRuns> nearby,
        Consumer<String> address,
        Supplier<Expressions> expressions) {}
