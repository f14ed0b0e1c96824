package io.millrace.store.ledger;

import io.millrace.spi.Failure;
import io.millrace.spi.Failure.Kind;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Makes the tables, or brings them up to date: the numbered scripts beside this class that the store has not seen, in one transaction, behind a
 * lock. A store that is newer than this binary is used as it is, unless it says that it must not be.
 */
final class Migration {
    /** "millrace" in ASCII, as a number: no other program is likely to lock it. */
    private static final long LOCK = 0x6d696c6c72616365L;

    private static final String NOT_ALLOWED = "42501";

    private final List<String> scripts;

    /** @param scripts by version, from 1 */
    Migration(List<String> scripts) {
        this.scripts = List.copyOf(scripts);
    }

    /** With all the scripts that this binary brings. */
    static Migration bundled() {
        List<String> scripts = new ArrayList<>();
        for (String script = script(1); script != null; script = script(scripts.size() + 1)) {
            scripts.add(script);
        }
        return new Migration(scripts);
    }

    private static @Nullable String script(int version) {
        try (InputStream in = Migration.class.getResourceAsStream(String.format("%03d.sql", version))) {
            return in == null ? null : new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Yields the store's id. */
    Future<UUID> on(Line line) {
        return line.transaction(() -> line.run("SELECT pg_advisory_xact_lock($1)", LOCK)
                        .compose(locked -> line.run("SELECT to_regclass('millrace.meta') IS NOT NULL"))
                        .compose(rows -> rows.iterator().next().getBoolean(0) ? upgrade(line) : create(line))
                        .compose(done -> line.run("SELECT store_id FROM millrace.meta"))
                        .map(rows -> rows.iterator().next().getUUID(0)))
                .recover(thrown -> Future.failedFuture(told(thrown)));
    }

    private Future<Void> create(Line line) {
        return line.script("SELECT 1 FROM pg_namespace WHERE nspname = 'millrace'")
                .compose(rows -> rows.size() > 0 ? Future.succeededFuture(rows) : line.script("CREATE SCHEMA millrace"))
                .compose(made -> apply(line, 0));
    }

    private Future<Void> upgrade(Line line) {
        return line.run("SELECT version, min_reader FROM millrace.meta").compose(rows -> {
            Row row = rows.iterator().next();
            return row.getInteger(1) > scripts.size()
                    ? Future.failedFuture(tooNew(row.getInteger(1)))
                    : apply(line, row.getInteger(0));
        });
    }

    private Future<Void> apply(Line line, int version) {
        if (version >= scripts.size()) {
            return Future.succeededFuture();
        }
        Future<RowSet<Row>> step = line.script(scripts.get(version))
                .compose(done -> line.run("UPDATE millrace.meta SET version = $1", version + 1));
        return step.compose(done -> apply(line, version + 1));
    }

    private Failure tooNew(int reader) {
        return Failure.of(
                Kind.REJECTED,
                "the store was upgraded by a newer Millrace: its tables need version " + reader
                        + ", this one knows version " + scripts.size()
                        + ". Use the newer Millrace here too, or name another store.");
    }

    private static Throwable told(Throwable thrown) {
        return NOT_ALLOWED.equals(Faults.code(thrown))
                ? Failure.of(
                        Kind.REJECTED,
                        "the store's user may not make Millrace's tables: " + Faults.why(thrown)
                                + ". Let an administrator run: CREATE SCHEMA millrace AUTHORIZATION <user>",
                        thrown)
                : thrown;
    }
}
