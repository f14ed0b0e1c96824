package io.millrace.engine;

import io.millrace.spi.Failure;
import io.millrace.spi.Failure.Kind;
import io.vertx.core.VertxException;
import java.io.IOException;
import java.net.UnknownHostException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tells who could not be reached, and may well be a little later: a server that is being restarted. */
final class Unreached {
    /** SQLSTATE classes: no connection, no resources, an operator or a shutdown. */
    private static final List<String> PASSING = List.of("08", "53", "57");

    private Unreached() {}

    /** Whether it failed for that. */
    static boolean isWhy(@Nullable Throwable thrown) {
        if (thrown == null) {
            return false;
        }
        boolean why = thrown instanceof Failure failure && failure.kind() == Kind.UNREACHABLE && passes(failure);
        return why || isWhy(thrown.getCause());
    }

    private static boolean passes(Failure failure) {
        String code = failure.code();
        return code == null ? byNetwork(failure.getCause()) : PASSING.stream().anyMatch(code::startsWith);
    }

    /** A name that nobody knows will hardly be known in a minute. */
    private static boolean byNetwork(@Nullable Throwable cause) {
        return cause == null
                || cause instanceof VertxException
                || (cause instanceof IOException
                        && !(cause instanceof UnknownHostException)
                        && !(cause.getCause() instanceof UnknownHostException));
    }
}
