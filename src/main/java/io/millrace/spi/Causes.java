package io.millrace.spi;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The chain of exceptions behind a failure, for people: bounded in length, each entry in one line. */
final class Causes {
    private static final int MOST = 8;
    private static final int LONGEST = 300;

    private Causes() {}

    /** The outermost first; those of a BUG with the place in the code where they were thrown. */
    static List<String> of(Failure failure) {
        List<String> causes = new ArrayList<>();
        Throwable cause = failure.getCause();
        while (cause != null && causes.size() < MOST) {
            causes.add(said(cause) + (failure.kind() == Failure.Kind.BUG ? place(cause) : ""));
            cause = cause.getCause();
        }
        return causes;
    }

    private static String said(Throwable cause) {
        String message = cause instanceof Failure failure ? failure.message() : cause.getMessage();
        String name = cause instanceof Failure failure
                ? failure.kind().name()
                : cause.getClass().getName();
        return message == null || message.isBlank() ? name : name + ": " + line(message);
    }

    private static String line(String message) {
        String line = message.lines().findFirst().orElse("");
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
    }

    private static String place(Throwable cause) {
        @Nullable StackTraceElement top = cause.getStackTrace().length == 0 ? null : cause.getStackTrace()[0];
        return top == null
                ? ""
                : " (" + top.getClassName() + "." + top.getMethodName() + ", line " + top.getLineNumber() + ")";
    }
}
