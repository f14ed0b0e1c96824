package io.millrace.connect.sql;

import io.millrace.spi.Failure;
import io.millrace.spi.Failure.Kind;
import io.vertx.pgclient.PgException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a server or a connection answered, as a failure of ours. The SQLSTATE decides; its classes are those of PostgreSQL's appendix A.
 */
final class SqlFailures {
    /** The data does not fit: cardinality, data exception, integrity constraint, WITH CHECK OPTION. */
    private static final Set<String> DATA = Set.of("21", "22", "23", "44");

    /** The server cannot be used for now: connection, resources, operator intervention. */
    private static final Set<String> AWAY = Set.of("08", "53", "57", "58");

    private static final Set<String> AGAIN = Set.of("40001", "40P01");
    private static final String LOCK_NOT_AVAILABLE = "55P03";
    private static final String QUERY_CANCELED = "57014";

    private SqlFailures() {}

    /** @param sql the statement as the user wrote it, to tell a place in it; null if they did not */
    static Failure of(Throwable thrown, @Nullable String sql) {
        if (thrown instanceof Failure failure) {
            return failure;
        }
        return thrown instanceof PgException pg ? answered(pg, sql) : lost(thrown);
    }

    static Failure of(Throwable thrown) {
        return of(thrown, null);
    }

    /** Whether some of the rows are at fault, not the statement and not the server. */
    static boolean refused(Throwable thrown) {
        return thrown instanceof PgException pg && DATA.contains(classOf(pg.getSqlState()));
    }

    /** Whether the same transaction, run again, may well succeed: serialization failure, deadlock. */
    static boolean again(Throwable thrown) {
        return stale(thrown) || (thrown instanceof PgException pg && AGAIN.contains(pg.getSqlState()));
    }

    /** Whether the prepared statement is older than a change of its tables; pg-client has forgotten it by now. */
    static boolean stale(Throwable thrown) {
        String message = thrown instanceof PgException pg ? String.valueOf(pg.getErrorMessage()) : "";
        return message.equals("cached plan must not change result type") || message.startsWith("bind message has ");
    }

    /** Whether the statement was ended by a cancel request, ours or an operator's. */
    static boolean cancelled(Throwable thrown) {
        return thrown instanceof PgException pg
                && QUERY_CANCELED.equals(pg.getSqlState())
                && String.valueOf(pg.getErrorMessage()).contains("user request");
    }

    /** Whether pg-client refused a statement since its connection has closed. */
    static boolean closed(Throwable thrown) {
        return String.valueOf(thrown.getMessage()).startsWith("Connection is not active");
    }

    private static Failure answered(PgException pg, @Nullable String sql) {
        Kind kind = kind(pg);
        return Failure.build(kind, message(pg, sql))
                .code(pg.getSqlState())
                .retryable(kind == Kind.UNREACHABLE
                        || kind == Kind.TIMEOUT
                        || AGAIN.contains(pg.getSqlState())
                        || LOCK_NOT_AVAILABLE.equals(pg.getSqlState()))
                .cause(pg)
                .done();
    }

    private static Kind kind(PgException pg) {
        String state = pg.getSqlState();
        if (QUERY_CANCELED.equals(state)) {
            return cancelled(pg) ? Kind.CANCELLED : Kind.TIMEOUT;
        }
        if (DATA.contains(classOf(state))) {
            return Kind.BAD_DATA;
        }
        return AWAY.contains(classOf(state)) ? Kind.UNREACHABLE : Kind.REJECTED;
    }

    /** {@code relation "pags" does not exist (line 1, column 15)}, then detail and hint. */
    static String message(PgException pg, @Nullable String sql) {
        StringBuilder text = new StringBuilder(String.valueOf(pg.getErrorMessage()));
        if (sql != null && pg.getPosition() != null) {
            text.append(place(sql, Integer.parseInt(pg.getPosition())));
        }
        sentence(text, pg.getDetail());
        sentence(text, pg.getHint());
        return text.toString();
    }

    private static void sentence(StringBuilder text, @Nullable String more) {
        if (more != null && !more.isEmpty()) {
            text.append(text.charAt(text.length() - 1) == '.' ? " " : ". ").append(more);
        }
    }

    private static String place(String sql, int position) {
        int end = Math.max(
                0,
                Math.min(
                        sql.length(),
                        sql.offsetByCodePoints(0, Math.min(position - 1, sql.codePointCount(0, sql.length())))));
        String before = sql.substring(0, end);
        int line = (int) before.chars().filter(c -> c == '\n').count() + 1;
        return " (line " + line + ", column " + (end - before.lastIndexOf('\n')) + ")";
    }

    private static Failure lost(Throwable thrown) {
        String why = thrown.getMessage() == null ? thrown.getClass().getSimpleName() : thrown.getMessage();
        return Failure.of(Kind.UNREACHABLE, "the connection to PostgreSQL was lost: " + why, thrown);
    }

    private static String classOf(@Nullable String state) {
        return state == null || state.length() < 2 ? "" : state.substring(0, 2);
    }
}
