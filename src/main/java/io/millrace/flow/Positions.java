package io.millrace.flow;

import java.util.HashMap;
import java.util.Map;

/** Where each value of a file stands, and each field's name; by JSON pointer. */
final class Positions {
    /** A place in a file, both from 1. */
    record Place(int line, int column) implements Comparable<Place> {
        static final Place START = new Place(1, 1);

        @Override
        public int compareTo(Place other) {
            return line != other.line ? Integer.compare(line, other.line) : Integer.compare(column, other.column);
        }
    }

    private final Map<String, Place> values = new HashMap<>();
    private final Map<String, Place> names = new HashMap<>();

    void value(String pointer, Place place) {
        values.putIfAbsent(pointer, place);
    }

    void name(String pointer, Place place) {
        names.putIfAbsent(pointer, place);
    }

    /** Where the value begins; for a pointer that is not in the file, its nearest parent. */
    Place ofValue(String pointer) {
        String nearest = pointer;
        while (true) {
            Place place = values.get(nearest);
            if (place != null) {
                return place;
            }
            int slash = nearest.lastIndexOf('/');
            if (slash < 0) {
                return Place.START;
            }
            nearest = nearest.substring(0, slash);
        }
    }

    /** Where the name of the field begins. */
    Place ofName(String pointer) {
        Place place = names.get(pointer);
        return place != null ? place : ofValue(pointer);
    }

    boolean has(String pointer) {
        return values.containsKey(pointer);
    }
}
