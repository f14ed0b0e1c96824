package io.millrace.engine.stage;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.engine.item.Item;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Lets items of one key run one after another, in order. The parts of an item that was split hold its key until the last has ended. */
final class Keys {
    /** The items of one key. */
    private static final class Line {
        private final JsonNode key;
        private final ArrayDeque<Item> behind = new ArrayDeque<>();
        private int running;

        Line(JsonNode key) {
            this.key = key;
        }
    }

    private final Map<JsonNode, Line> lines = new HashMap<>();
    private final Map<Item, Line> running = new HashMap<>();

    /** Whether the item has the key now; else it waits behind those that came before. */
    boolean claim(Item item, JsonNode key) {
        Line line = lines.get(key);
        if (line != null) {
            line.behind.add(item);
            return false;
        }
        line = new Line(key);
        lines.put(key, line);
        hold(item, line);
        return true;
    }

    /** A part of an item holds its key too. */
    void share(Item part, Item of) {
        Line line = running.get(of);
        if (line != null) {
            hold(part, line);
        }
    }

    private void hold(Item item, Line line) {
        line.running++;
        running.put(item, line);
    }

    /** The item has ended: the next of its key, which has the key now, or null. */
    @Nullable
    Item ended(Item item) {
        Line line = running.remove(item);
        if (line == null || --line.running > 0) {
            return null;
        }
        Item next = line.behind.poll();
        if (next == null) {
            lines.remove(line.key);
        } else {
            hold(next, line);
        }
        return next;
    }

    /** All that wait; no key is held any more. */
    List<Item> abandon() {
        List<Item> items = new ArrayList<>();
        lines.values().forEach(line -> items.addAll(line.behind));
        lines.clear();
        running.clear();
        return items;
    }
}
