package io.millrace.engine.durable;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.NavigableSet;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;

/** What the source of a stage reads: rows by key, some of which vanish while others come. */
final class Table {
    private static final int MOST_GAP = 3;
    private static final int BAD = 25;

    final String stage;
    private final SplittableRandom random;
    private final TreeSet<Integer> rows = new TreeSet<>();
    private int highest;
    private final Set<Integer> bad = new HashSet<>();
    /** The highest key of those that were there from the beginning. */
    private int first;

    Table(String stage, SplittableRandom random, int size) {
        this.stage = stage;
        this.random = random;
        for (int i = 0; i < size; i++) {
            grow();
        }
        this.first = highest;
    }

    /** A row more at the end. */
    void grow() {
        int key = highest + 1 + random.nextInt(MOST_GAP);
        highest = key;
        rows.add(key);
        if (random.nextInt(BAD) == 0) {
            bad.add(key);
        }
    }

    /** One more that has to come to its end. */
    void growForSure() {
        grow();
        first = highest;
    }

    void vanish() {
        if (!rows.isEmpty()) {
            Integer at = rows.floor(random.nextInt(rows.last() + 1));
            rows.remove(at == null ? rows.first() : at);
        }
    }

    NavigableSet<Integer> after(int key) {
        return rows.tailSet(key, false);
    }

    boolean isBad(int key) {
        return bad.contains(key);
    }

    /** Whether the row has to come to its end before the run may. */
    boolean isDue(int key) {
        return key <= first && rows.contains(key);
    }

    Set<Integer> keys() {
        return rows;
    }

    /** One of its rows. */
    String any() {
        return owner(stage, rows.ceiling(1 + random.nextInt(highest)));
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
