package io.millrace.cli;

import java.io.PrintStream;

/** What every command has at hand. */
record Shell(Toolbox tools, Terminal terminal, Signals signals) {
    PrintStream out() {
        return terminal.out();
    }

    PrintStream err() {
        return terminal.err();
    }
}
