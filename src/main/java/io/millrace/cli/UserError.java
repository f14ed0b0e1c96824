package io.millrace.cli;

/** What the user can mend: one line, and an exit code. */
final class UserError extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final int exitCode;

    UserError(int exitCode, String message) {
        super(message, null, false, false);
        this.exitCode = exitCode;
    }

    static UserError usage(String message) {
        return new UserError(ExitCode.USAGE, message);
    }

    int exitCode() {
        return exitCode;
    }
}
