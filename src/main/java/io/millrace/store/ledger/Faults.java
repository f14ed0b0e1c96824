package io.millrace.store.ledger;

import io.millrace.spi.Failure;
import io.millrace.spi.Failure.Kind;
import io.vertx.core.VertxException;
import io.vertx.pgclient.PgException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a failure means for the transaction in which it came. The SQLSTATE decides, also where a participant has made a {@link Failure} of it. */
final class Faults {
    /** No connection, no resources, an operator or a shutdown, an error of the system, of the server itself. */
    private static final Set<String> AWAY = Set.of("08", "53", "57", "58", "XX");

    /** The server ended a transaction that was idle, or too long. */
    private static final Set<String> ENDED = Set.of("25P03", "25P04");

    private static final Set<String> AGAIN = Set.of("40001", "40P01");

    private Faults() {}

    /** Whether it passes with time. */
    static boolean isAway(Throwable thrown) {
        String code = code(thrown);
        return code != null && code.length() == 5 && (AWAY.contains(code.substring(0, 2)) || ENDED.contains(code));
    }

    /** Whether the same transaction may well succeed at once: rolled back for another's sake, or a plan older than its table. */
    static boolean isAgain(Throwable thrown) {
        String code = code(thrown);
        return code != null
                && (AGAIN.contains(code)
                        || ("0A000".equals(code)
                                && String.valueOf(thrown.getMessage()).contains("cached plan must not change")));
    }

    /** Whether it tells of an error in this program, where no line to the store is at fault. */
    static boolean isMistake(Throwable thrown) {
        return thrown instanceof Error
                || (thrown instanceof RuntimeException
                        && !(thrown instanceof VertxException)
                        && !(thrown instanceof Failure));
    }

    /** The SQLSTATE; null if the server did not say one. */
    static @Nullable String code(Throwable thrown) {
        if (thrown instanceof PgException pg) {
            return pg.getSqlState();
        }
        return thrown instanceof Failure failure ? failure.code() : null;
    }

    /** In words for people. */
    static String why(Throwable thrown) {
        if (thrown instanceof PgException pg) {
            return String.valueOf(pg.getErrorMessage());
        }
        return thrown.getMessage() == null ? thrown.getClass().getSimpleName() : thrown.getMessage();
    }

    static Failure failure(Throwable thrown) {
        if (!(thrown instanceof PgException pg)) {
            return Failure.from(thrown);
        }
        String code = String.valueOf(pg.getSqlState());
        Kind kind = code.startsWith("22") || code.startsWith("23") ? Kind.BAD_DATA : Kind.REJECTED;
        return Failure.build(kind, why(pg)).code(code).cause(pg).done();
    }
}
