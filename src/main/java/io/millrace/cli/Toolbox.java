package io.millrace.cli;

/**
 * What the command line works with. The composition root fills it; tests fill it with small real ones.
 *
 * @param flows reads flow files
 * @param components what {@code components} and {@code schema} show
 * @param works opens the engine
 */
public record Toolbox(FlowLoader flows, ComponentDocs components, WorksFactory works) {}
