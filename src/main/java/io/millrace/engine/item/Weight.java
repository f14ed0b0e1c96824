package io.millrace.engine.item;

import com.fasterxml.jackson.databind.JsonNode;

/** Estimates what a document occupies in memory: 64-bit JVM, compressed pointers, compact strings. */
final class Weight {
    private static final int NODE = 24;
    private static final int TEXT = 40;
    private static final int CONTAINER = 72;
    private static final int ENTRY = 48;

    private Weight() {}

    static int of(JsonNode node) {
        long bytes = weigh(node);
        return (int) Math.min(Integer.MAX_VALUE, bytes);
    }

    private static long weigh(JsonNode node) {
        if (node.isTextual()) {
            return NODE + TEXT + (long) node.textValue().length();
        }
        if (node.isObject()) {
            long sum = CONTAINER;
            for (var entry : node.properties()) {
                sum += ENTRY + weigh(entry.getValue());
            }
            return sum;
        }
        if (node.isArray()) {
            long sum = CONTAINER;
            for (JsonNode element : node) {
                sum += 8 + weigh(element);
            }
            return sum;
        }
        return NODE;
    }
}
