package io.millrace.engine.durable;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.NavigableMap;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** What the source of a stage reads: rows by key, some of which vanish while others come. */
final class Table {
    private static final int MOST_GAP = 3;
    private static final int BAD = 25;

    final String stage;
    private final SplittableRandom random;
    private final TreeMap<Integer, Boolean> rows = new TreeMap<>();
    /** Keys that were there when the source was read to its end, or before. */
    private final Set<Integer> due = new HashSet<>();

    Table(String stage, SplittableRandom random, int size) {
        this.stage = stage;
        this.random = random;
        for (int i = 0; i < size; i++) {
            grow();
        }
    }

    /** A row more at the end. */
    void grow() {
        int last = rows.isEmpty() ? 0 : rows.lastKey();
        rows.put(last + 1 + random.nextInt(MOST_GAP), random.nextInt(BAD) == 0);
    }

    void vanish() {
        if (!rows.isEmpty()) {
            Integer at = rows.floorKey(random.nextInt(rows.lastKey() + 1));
            rows.remove(at == null ? rows.firstKey() : at);
        }
    }

    NavigableMap<Integer, Boolean> after(int key) {
        return rows.tailMap(key, false);
    }

    /** It was read to its end. */
    void ended() {
        due.addAll(rows.keySet());
    }

    boolean isBad(int key) {
        return rows.getOrDefault(key, false);
    }

    /** Whether the row has to come to its end before the run may. */
    boolean isDue(int key) {
        return due.contains(key) && rows.containsKey(key);
    }

    Set<Integer> keys() {
        return rows.keySet();
    }

    static String owner(String stage, int key) {
        return stage + "#" + key;
    }

    static ObjectNode document(String stage, int key) {
        String owner = owner(stage, key);
        return JsonNodeFactory.instance
                .objectNode()
                .put("id", owner)
                .put("owner", owner)
                .put("key", key)
                .put("payload", payload(owner));
    }

    static String payload(String owner) {
        return "p" + owner.hashCode();
    }
}
