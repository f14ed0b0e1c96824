package io.millrace.cli;

/** Opens the machinery; nothing of it is started before. */
@FunctionalInterface
public interface WorksFactory {
    Works open(AppSettings settings);
}
