package io.millrace.store.embedded;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import org.jspecify.annotations.Nullable;

/** The embedded server cannot be had. The message says what is wrong and how to mend it; it needs no stack trace beside it. */
public final class EmbeddedPostgresException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    EmbeddedPostgresException(String message) {
        super(message);
    }

    EmbeddedPostgresException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** A failed file operation, with the way out that fits its cause. */
    static EmbeddedPostgresException io(String what, IOException cause) {
        return new EmbeddedPostgresException("Cannot " + what + ": " + reason(cause) + ". " + mend(cause), cause);
    }

    private static String reason(IOException cause) {
        if (cause instanceof FileSystemException failed) {
            String reason = failed.getReason() == null ? cause.getClass().getSimpleName() : failed.getReason();
            return failed.getFile() + ": " + reason;
        }
        return String.valueOf(cause.getMessage());
    }

    private static String mend(IOException cause) {
        String message = String.valueOf(cause.getMessage());
        if (message.contains("No space left") || message.contains("quota")) {
            return "Free about 200 MB there, or name a state directory on another disk.";
        }
        if (cause instanceof AccessDeniedException
                || message.contains("Read-only file system")
                || message.contains("Permission denied")) {
            return "Give this user the right to write there, or name another state directory.";
        }
        return "Name another state directory, or a PostgreSQL of your own by its uri.";
    }
}
