package io.millrace.engine.stage;

import io.millrace.engine.item.Item;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Lets results leave in the order in which their items came. An item keeps its place while it waits for another attempt; what a split
 * makes of it takes its place; what has no result (dropped, failed) leaves as well, so that those behind it can go.
 */
final class Reorder {
    /** The place of one item in the order. */
    private static final class Place {
        private boolean ready;
        private Runnable leave = () -> {};
    }

    private final ArrayDeque<Place> places = new ArrayDeque<>();
    private final Map<Item, Place> open = new HashMap<>();

    /** Gives an item the last place, unless it has one. */
    void join(Item item) {
        if (!open.containsKey(item)) {
            places.add(place(item));
        }
    }

    /** Gives the parts of the item that leaves just now the places before all others. */
    void joinFirst(List<Item> parts) {
        for (int i = parts.size() - 1; i >= 0; i--) {
            places.addFirst(place(parts.get(i)));
        }
    }

    private Place place(Item item) {
        Place place = new Place();
        open.put(item, place);
        return place;
    }

    /** The item has its result: it leaves as soon as all before it have. */
    void ready(Item item, Runnable leave) {
        Place place = open.remove(item);
        if (place == null) {
            leave.run();
            return;
        }
        place.leave = leave;
        place.ready = true;
        for (Place head = places.peek(); head != null && head.ready; head = places.peek()) {
            places.remove();
            head.leave.run();
        }
    }

    /** Lets all leave that are ready, and forgets the others. */
    void abandon() {
        List<Place> left = List.copyOf(places);
        places.clear();
        open.clear();
        left.stream().filter(place -> place.ready).forEach(place -> place.leave.run());
    }

    /** Items that have come and not left. */
    int size() {
        return places.size();
    }
}
