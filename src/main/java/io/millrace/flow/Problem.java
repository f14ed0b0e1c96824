package io.millrace.flow;

/**
 * Something wrong with a flow: where, what, and how to mend it.
 *
 * @param file as the user named it
 * @param line from 1
 * @param column from 1
 * @param pointer JSON pointer; empty for the file as a whole
 */
public record Problem(Severity severity, String file, int line, int column, String pointer, String what, String mend) {
    /** An error stops the flow from running; a warning does not. */
    public enum Severity {
        ERROR,
        WARNING
    }

    public boolean isError() {
        return severity == Severity.ERROR;
    }

    /** {@code file:line:col: /pointer: what. How to mend it.} */
    @Override
    public String toString() {
        return file + ":" + line + ":" + column + ": " + (severity == Severity.WARNING ? "warning: " : "")
                + (pointer.isEmpty() ? "" : pointer + ": ") + what + (mend.isEmpty() ? "" : " " + mend);
    }
}
