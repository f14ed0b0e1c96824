package io.millrace.engine.stage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.engine.item.Item;
import io.millrace.engine.item.ItemFrame;
import io.millrace.engine.item.Root;
import io.millrace.engine.queue.Loop;
import io.millrace.spi.Collecting;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The groups that one {@code collect} of an instance holds. Held items keep their roots but no slot and no room in the queue. */
final class Groups {
    private final Collecting collecting;
    private final int step;
    private final Loop loop;
    private final Consumer<Item> leaving;
    private final Map<JsonNode, Group> groups = new LinkedHashMap<>();
    private Loop.@Nullable Timer clock;

    /**
     * @param step its index among the stage's steps
     * @param leaving takes a group as an item that begins behind the step
     */
    Groups(Collecting collecting, int step, Loop loop, Consumer<Item> leaving) {
        this.collecting = collecting;
        this.step = step;
        this.loop = loop;
        this.leaving = leaving;
    }

    /** Takes an item, whose branch is parked from now on. */
    void add(JsonNode key, ItemFrame frame) {
        Group group = groups.computeIfAbsent(key, this::open);
        group.take(frame, loop.now());
        if (group.documents.size() >= collecting.items() || group.bytes >= collecting.bytes()) {
            leave(key);
        }
    }

    private Group open(JsonNode key) {
        if (collecting.every().isPresent() && clock == null) {
            long every = Math.max(1, collecting.every().get().toMillis());
            long wait = every - loop.now().toEpochMilli() % every;
            clock = loop.after(Duration.ofMillis(wait), this::tick);
        }
        Loop.Timer timer = collecting
                .linger()
                .map(time -> loop.after(time, () -> leave(key)))
                .orElse(null);
        return new Group(key, timer, loop.now());
    }

    private void tick() {
        clock = null;
        flush();
    }

    /** Lets every group leave as it is. */
    void flush() {
        List.copyOf(groups.keySet()).forEach(this::leave);
    }

    boolean isEmpty() {
        return groups.isEmpty();
    }

    /** Gives all held items back, as they came. */
    List<Item> abandon() {
        List<Item> items = new ArrayList<>();
        groups.values().forEach(group -> items.addAll(group.close()));
        groups.clear();
        return items;
    }

    private void leave(JsonNode key) {
        Group group = groups.remove(key);
        if (group != null) {
            leaving.accept(group.item(step + 1));
        }
    }

    /** Documents with one key. */
    private static final class Group {
        private final JsonNode key;
        private final Loop.@Nullable Timer timer;
        private final List<Item> items = new ArrayList<>();
        private final List<ObjectNode> documents = new ArrayList<>();
        private final Instant first;
        private Instant last;
        private long bytes;

        Group(JsonNode key, Loop.@Nullable Timer timer, Instant now) {
            this.first = now;
            this.last = now;
            this.key = key;
            this.timer = timer;
        }

        void take(ItemFrame frame, Instant now) {
            last = now;
            items.add(frame.item());
            documents.add(frame.document());
            bytes += frame.item().next(frame.document()).bytes();
            frame.item().root().park();
        }

        List<Item> close() {
            if (timer != null) {
                timer.cancel();
            }
            return items;
        }

        Item item(int from) {
            close();
            ObjectNode document = JsonNodeFactory.instance.objectNode();
            document.set("key", key);
            document.putArray("items").addAll(documents);
            document.put("count", documents.size());
            document.put("first", first.toString());
            document.put("last", last.toString());
            List<Root> roots = items.stream().map(Item::root).toList();
            return items.get(0).grouped(Root.group(roots), document, from);
        }
    }
}
