package io.millrace.cli;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/** Counts that rise, and how fast they did so within the last seconds. One thread. */
final class Rates {
    private static final long WINDOW_NS = 5_000_000_000L;

    private record Point(long at, long count) {}

    private final Map<String, Deque<Point>> points = new HashMap<>();

    /**
     * Takes a count down.
     *
     * @param at in ns, of some clock
     * @return per second; 0 when it is seen for the first time
     */
    double perSecond(String name, long count, long at) {
        Deque<Point> known = points.computeIfAbsent(name, absent -> new ArrayDeque<>());
        if (!known.isEmpty() && known.getLast().count() > count) {
            known.clear(); // it was begun anew
        }
        if (known.isEmpty() || known.getLast().at() < at) {
            known.add(new Point(at, count));
        }
        while (known.size() > 2 && at - known.getFirst().at() > WINDOW_NS) {
            known.removeFirst();
        }
        Point first = known.getFirst();
        return at == first.at() ? 0 : (count - first.count()) * 1e9 / (at - first.at());
    }
}
