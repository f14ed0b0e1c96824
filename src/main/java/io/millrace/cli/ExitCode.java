package io.millrace.cli;

/** What the process says when it ends; 130 and 143 belong to {@link Signals.Kind}. */
final class ExitCode {
    static final int DONE = 0;
    static final int FAILED = 1;
    static final int USAGE = 2;

    /** Of a run that was cancelled. */
    static final int CANCELLED = 130;

    /** As any program that writes into a closed pipe: 128 + SIGPIPE. */
    static final int PIPE_CLOSED = 141;

    private ExitCode() {}
}
