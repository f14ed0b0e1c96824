package io.millrace.store.ledger;

import io.millrace.ledger.Member;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Who lives on the store, and what each does. Who was killed on this machine is known to be dead before its silence says so. */
final class Members {
    private static final String SILENCE = "extract(epoch FROM clock_timestamp() - n.beat)::float8";

    private static final String ALL = "SELECT n.node, n.host, n.pid, " + SILENCE + ", i.run, r.flow,"
            + " (SELECT array_agg(l.kind || ' ' || l.name ORDER BY l.kind, l.name)"
            + " FROM millrace.lease l WHERE l.hold = i.hold), n.machine, n.started"
            + " FROM millrace.node n LEFT JOIN millrace.inc i ON i.node = n.node AND i.live"
            + " LEFT JOIN millrace.run r ON r.run = i.run"
            + " WHERE n.beat >= clock_timestamp() - interval '30 s'"
            + " AND ($1::bigint IS NULL OR (i.run = $1 AND n.node <> $2)) ORDER BY n.node, i.run";

    private record Head(String host, long pid, Duration silence) {}

    private final Line line;

    Members(Line line) {
        this.line = line;
    }

    Future<List<Member>> all() {
        return ask(null, 0);
    }

    /** Who runs it, besides this node. */
    Future<List<Member>> others(long run, long node) {
        return ask(run, node);
    }

    private Future<List<Member>> ask(@Nullable Long run, long node) {
        return line.run(ALL, run, node).map(Members::read);
    }

    private static List<Member> read(RowSet<Row> rows) {
        Machine here = Machine.here();
        Map<Long, Head> heads = new LinkedHashMap<>();
        Map<Long, List<Member.Part>> parts = new LinkedHashMap<>();
        for (Row row : rows) {
            long node = row.getLong(0);
            if (!heads.containsKey(node) && here.hasEnded(row.getString(7), row.getLong(2), row.getLong(8))) {
                continue;
            }
            heads.put(node, new Head(row.getString(1), row.getLong(2), silence(row.getDouble(3))));
            List<Member.Part> of = parts.computeIfAbsent(node, absent -> new ArrayList<>());
            if (row.getLong(4) != null) {
                String[] leases = row.getArrayOfStrings(6);
                of.add(new Member.Part(row.getLong(4), row.getString(5), leases == null ? List.of() : List.of(leases)));
            }
        }
        return heads.entrySet().stream()
                .map(entry -> new Member(
                        entry.getValue().host(),
                        entry.getValue().pid(),
                        entry.getValue().silence(),
                        Objects.requireNonNull(parts.get(entry.getKey()))))
                .toList();
    }

    static Duration silence(double seconds) {
        return Duration.ofMillis(Math.max(0, Math.round(seconds * 1000)));
    }
}
