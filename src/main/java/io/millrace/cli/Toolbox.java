package io.millrace.cli;

import java.util.Optional;

/**
 * What the command line works with. The composition root fills it; tests fill it with small real ones.
 *
 * @param flows reads flow files
 * @param components what {@code components} and {@code schema} show; without it neither is offered
 * @param works opens the engine
 */
public record Toolbox(FlowLoader flows, Optional<ComponentDocs> components, WorksFactory works) {}
