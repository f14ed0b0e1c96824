package io.millrace.connect.jar;

import io.millrace.spi.Failure;
import io.millrace.spi.Failure.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/** What a function throws, as a failure of its item. */
final class Thrown {
    private Thrown() {}

    static Failure failure(String className, Throwable thrown) {
        Throwable cause = unwrapped(thrown);
        return cause instanceof Failure failure
                ? failure
                : Failure.of(kind(cause), className + ": " + said(cause), cause);
    }

    private static Kind kind(Throwable thrown) {
        if (thrown instanceof IllegalArgumentException) {
            return Kind.BAD_DATA;
        }
        if (thrown instanceof IOException || thrown instanceof UncheckedIOException) {
            return Kind.UNREACHABLE;
        }
        return thrown instanceof TimeoutException ? Kind.TIMEOUT : Kind.BUG;
    }

    /** Its type and message; an IOException that had to be wrapped stands for itself. */
    static String said(Throwable thrown) {
        Throwable shown =
                thrown instanceof UncheckedIOException && thrown.getCause() != null ? thrown.getCause() : thrown;
        String message = shown.getMessage();
        return message == null || message.isBlank()
                ? shown.getClass().getSimpleName()
                : shown.getClass().getSimpleName() + ": " + message;
    }

    private static Throwable unwrapped(Throwable thrown) {
        Throwable cause = thrown.getCause();
        return cause != null && (thrown instanceof CompletionException || thrown instanceof ExecutionException)
                ? unwrapped(cause)
                : thrown;
    }
}
