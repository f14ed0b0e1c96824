package io.millrace.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.ledger.Claimed;
import io.millrace.ledger.Enqueued;
import io.millrace.ledger.GivenBack;
import io.millrace.ledger.RunWork;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The queued rows of a run, and what was seen in it. */
final class ModelQueue {
    /** A row. */
    static final class Row {
        final long id;
        final String stage;
        final int bucket;
        final JsonNode document;
        final @Nullable String unique;
        final long keep;
        ObjectNode meta;
        int attempt;
        /** Since when it may be claimed, for a row that waits; -1 for one that never did. */
        long notBefore;

        @Nullable
        ModelHeld holder;

        Row(long id, Enqueued from, long now) {
            this(
                    id,
                    from.stage(),
                    from.bucket(),
                    from.document(),
                    from.meta(),
                    from.unique() == null ? null : from.stage() + from.unique(),
                    from.keep() == null ? -1 : from.keep().toMillis());
            this.notBefore = from.delay().isZero() ? -1 : now + from.delay().toMillis();
        }

        Row(long id, String stage, int bucket, JsonNode document, ObjectNode meta, @Nullable String unique, long keep) {
            this.id = id;
            this.stage = stage;
            this.bucket = bucket;
            this.document = document;
            this.meta = meta;
            this.unique = unique;
            this.keep = keep;
            this.notBefore = -1;
        }

        Claimed claimed() {
            return new Claimed(id, stage, attempt, bucket, document, meta);
        }
    }

    private final ModelStore store;
    private final String flow;
    private final Map<Long, Row> rows = new TreeMap<>();
    private final Set<String> seen = new HashSet<>();

    ModelQueue(ModelStore store, String flow) {
        this.store = store;
        this.flow = flow;
    }

    /** Tells how many were known, by stage. */
    Map<String, Integer> add(List<Enqueued> wanted) {
        Map<String, Integer> known = new TreeMap<>();
        for (Enqueued each : wanted) {
            if (isNew(each)) {
                put(new Row(store.nextId(), each, store.now()));
            } else {
                known.merge(each.stage(), 1, Integer::sum);
            }
        }
        return known;
    }

    void put(Row row) {
        rows.put(row.id, row);
    }

    private boolean isNew(Enqueued wanted) {
        if (wanted.unique() == null) {
            return true;
        }
        String value = wanted.stage() + wanted.unique();
        boolean remembered = wanted.keep() != null && store.kept.getOrDefault(flow + value, -1L) > store.now();
        return !remembered && seen.add(value);
    }

    boolean areHeld(Collection<Long> ids, ModelHeld by) {
        return ids.stream().allMatch(id -> isHeld(id, by)) && new HashSet<>(ids).size() == ids.size();
    }

    private boolean isHeld(long id, ModelHeld by) {
        Row row = rows.get(id);
        return row != null && row.holder == by;
    }

    Row get(long id) {
        return Objects.requireNonNull(rows.get(id));
    }

    /** @param failed not to be remembered */
    void remove(List<Long> ids, Set<Long> failed) {
        for (long id : ids) {
            Row row = Objects.requireNonNull(rows.remove(id));
            if (row.unique != null && row.keep >= 0 && !failed.contains(id)) {
                store.kept.put(flow + row.unique, store.now() + row.keep);
            }
        }
    }

    List<Claimed> claim(String stage, int limit, @Nullable Set<Integer> buckets, ModelHeld by) {
        List<Row> found = Stream.concat(
                        free(stage, buckets)
                                .filter(row -> row.notBefore >= 0 && row.notBefore <= store.now())
                                .sorted(Comparator.comparingLong(row -> row.notBefore)),
                        free(stage, buckets).filter(row -> row.notBefore < 0))
                .limit(limit)
                .toList();
        found.forEach(row -> take(row, by));
        return found.stream().map(Row::claimed).toList();
    }

    boolean isDry(String stage, @Nullable Set<Integer> buckets) {
        return free(stage, buckets).findAny().isEmpty();
    }

    private Stream<Row> free(String stage, @Nullable Set<Integer> buckets) {
        return rows.values().stream()
                .filter(row -> row.holder == null && row.stage.equals(stage))
                .filter(row -> buckets == null || row.bucket < 0 || buckets.contains(row.bucket));
    }

    private static void take(Row row, ModelHeld by) {
        row.holder = by;
        row.attempt++;
    }

    void giveBack(GivenBack back, ModelHeld by) {
        if (isHeld(back.id(), by)) {
            Row row = get(back.id());
            if (row.bucket >= 0) {
                inOrder(Set.of(row.stage));
            }
            row.holder = null;
            row.notBefore = store.now() + back.delay().toMillis();
            row.attempt -= back.attemptCounts() ? 0 : 1;
            row.meta = back.meta() == null ? row.meta : back.meta();
        }
    }

    /** @param counts whether having claimed them counts: who leaves in good order has not died of them */
    void release(ModelHeld gone, boolean counts) {
        List<Row> freed =
                rows.values().stream().filter(row -> row.holder == gone).toList();
        Set<String> keyed = freed.stream()
                .filter(row -> row.bucket >= 0)
                .map(row -> row.stage)
                .collect(Collectors.toSet());
        inOrder(keyed);
        freed.forEach(row -> {
            row.holder = null;
            row.notBefore = store.now();
            row.attempt -= counts ? 0 : 1;
        });
    }

    /** Rows with keys that wait come in the order of their ids. */
    private void inOrder(Set<String> stages) {
        rows.values().stream()
                .filter(row -> row.holder == null && row.bucket >= 0 && stages.contains(row.stage))
                .filter(row -> row.notBefore >= 0 && row.notBefore <= store.now())
                .forEach(row -> row.notBefore = store.now());
    }

    Map<String, Long> backlog() {
        Map<String, Long> sizes = new TreeMap<>();
        rows.values().forEach(row -> sizes.merge(row.stage, 1L, Long::sum));
        return sizes;
    }

    Map<String, RunWork.Rows> sizes() {
        Map<String, RunWork.Rows> sizes = new TreeMap<>();
        backlog()
                .forEach((stage, all) -> sizes.put(
                        stage,
                        new RunWork.Rows(
                                all,
                                rows.values().stream()
                                        .filter(row -> row.stage.equals(stage))
                                        .filter(row -> row.holder == null && row.notBefore > store.now())
                                        .count())));
        return sizes;
    }

    Map<String, Long> claimed(ModelHeld by) {
        Map<String, Long> claimed = new TreeMap<>();
        rows.values().stream().filter(row -> row.holder == by).forEach(row -> claimed.merge(row.stage, 1L, Long::sum));
        return claimed;
    }

    Optional<ModelHeld> holder(long id) {
        return Optional.ofNullable(rows.get(id)).map(row -> row.holder);
    }

    List<ModelStore.Queued> all() {
        return rows.values().stream()
                .map(row -> new ModelStore.Queued(
                        row.id,
                        row.stage,
                        row.document,
                        row.meta,
                        row.attempt,
                        row.bucket,
                        row.holder == null ? null : row.holder.ledger()))
                .toList();
    }

    boolean isEmpty() {
        return rows.isEmpty();
    }

    void clear() {
        rows.clear();
    }
}
