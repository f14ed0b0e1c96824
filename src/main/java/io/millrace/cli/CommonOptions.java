package io.millrace.cli;

import picocli.CommandLine.Option;

/** Options that every command takes. */
final class CommonOptions {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Print this help.")
    boolean help;

    @Option(
            names = {"-v", "--verbose"},
            description = "Say more: debug messages, traces of internal errors.")
    boolean verbose;

    @Option(
            names = {"-q", "--quiet"},
            description = "Say nothing but errors.")
    boolean quiet;

    @Option(names = "--color", paramLabel = "auto|always|never", description = "Colours; auto: on a terminal.")
    Color color = Color.AUTO;

    /** When to use colours. */
    enum Color {
        AUTO,
        ALWAYS,
        NEVER;

        @Override
        public String toString() {
            return Words.lower(this);
        }
    }

    /** Takes over what was said before the command. */
    void add(CommonOptions before) {
        verbose |= before.verbose;
        quiet |= before.quiet;
        color = color == Color.AUTO ? before.color : color;
    }

    /** Colours for what goes to standard error. */
    Paint paint(Terminal terminal) {
        return new Paint(color == Color.ALWAYS || color == Color.AUTO && terminal.errIsTerminal() && !terminal.plain());
    }

    /** Colours for what goes to standard output. */
    Paint paintOut(Terminal terminal) {
        return new Paint(color == Color.ALWAYS || color == Color.AUTO && terminal.outIsTerminal() && !terminal.plain());
    }
}
