package io.millrace.engine;

import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * How to run a flow.
 *
 * @param workingDirectory what relative paths of the flow start from
 * @param deadLetters the file to which dead letters are appended
 * @param drain how long items in flight may go on once the run is asked to stop
 * @param out where data goes that a flow prints
 * @param in standard input
 * @param slowStep steps that hold an event loop so long are told of; zero: none is
 * @param replay dead letters to run in the place of the sources
 * @param fresh whether a durable flow begins a new run, whatever there was
 * @param acceptChanges whether an unfinished run goes on with sinks that it did not have
 */
public record RunOptions(
        Path workingDirectory,
        Path deadLetters,
        Duration drain,
        PrintStream out,
        InputStream in,
        Duration slowStep,
        Optional<Replay> replay,
        boolean fresh,
        boolean acceptChanges) {
    /** What asyncio calls a slow callback, too. */
    public static final Duration SLOW_STEP = Duration.ofMillis(100);
}
