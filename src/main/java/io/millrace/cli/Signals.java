package io.millrace.cli;

import java.util.function.Consumer;

/** The signals that ask a process to stop. */
public interface Signals {
    /** Which one. */
    enum Kind {
        /** The terminal was closed. */
        HUP(129),
        INT(130),
        TERM(143);

        private final int exitCode;

        Kind(int exitCode) {
            this.exitCode = exitCode;
        }

        int exitCode() {
            return exitCode;
        }
    }

    /** From now on signals go to the listener, on a thread of their own. */
    void listen(Consumer<Kind> listener);

    /** Ends the process at once, without hooks. */
    void halt(int exitCode);
}
