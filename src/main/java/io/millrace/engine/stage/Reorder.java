package io.millrace.engine.stage;

import java.util.ArrayDeque;

/**
 * Lets results leave in the order in which their items were started. What has no result (dropped, failed) leaves a tombstone, so that
 * those behind it can go.
 */
final class Reorder {
    /** The place of one item in the order. */
    static final class Place {
        private boolean ready;
        private Runnable leave = () -> {};
    }

    private final ArrayDeque<Place> places = new ArrayDeque<>();

    /** The next place, for an item that starts. */
    Place join() {
        Place place = new Place();
        places.add(place);
        return place;
    }

    /** The item has its result: it leaves as soon as all before it have. */
    void ready(Place place, Runnable leave) {
        place.leave = leave;
        place.ready = true;
        for (Place head = places.peek(); head != null && head.ready; head = places.peek()) {
            places.remove();
            head.leave.run();
        }
    }

    /** Lets all leave that are ready, and forgets the others. */
    void abandon() {
        places.stream().filter(place -> place.ready).forEach(place -> place.leave.run());
        places.clear();
    }

    /** Items that have started and not left. */
    int size() {
        return places.size();
    }
}
