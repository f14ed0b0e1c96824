package io.millrace.cli;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Settings of the program, from flags, environment and settings file.
 *
 * @param stateDir where the embedded PostgreSQL keeps its data
 * @param eventLoops threads that run flows; empty: as many as suit the machine
 * @param store address of the PostgreSQL that keeps the state of durable flows; empty: the embedded server
 */
public record AppSettings(Path stateDir, OptionalInt eventLoops, Optional<String> store) {}
