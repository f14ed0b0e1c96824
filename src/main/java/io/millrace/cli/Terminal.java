package io.millrace.cli;

import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Where the command line runs.
 *
 * @param outIsTerminal whether a person sees standard output at once
 * @param errIsTerminal the same of standard error
 * @param columns width of the terminal
 * @param screen opens the terminal for drawing; empty where that cannot be, as without a keyboard
 */
public record Terminal(
        PrintStream out,
        PrintStream err,
        InputStream in,
        boolean outIsTerminal,
        boolean errIsTerminal,
        int columns,
        Map<String, String> environment,
        Path workingDirectory,
        Supplier<Optional<Screen>> screen) {

    boolean plain() {
        return environment.containsKey("NO_COLOR") || "dumb".equals(environment.get("TERM"));
    }
}
