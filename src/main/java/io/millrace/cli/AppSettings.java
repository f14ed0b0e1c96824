package io.millrace.cli;

import java.nio.file.Path;
import java.util.OptionalInt;

/**
 * Settings of the program, from flags, environment and settings file.
 *
 * @param stateDir where the embedded PostgreSQL keeps its data
 * @param eventLoops threads that run flows; empty: as many as suit the machine
 */
public record AppSettings(Path stateDir, OptionalInt eventLoops) {}
