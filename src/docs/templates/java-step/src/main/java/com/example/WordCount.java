package com.example;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** The most frequent words of a text. One object serves one item at a time, so it needs no locks. */
public final class WordCount implements Function<String, Map<String, Long>>, AutoCloseable {
    private final long top;
    private long texts;

    /** Takes the step's config: {@code {"top": 3}}. Whole numbers are Long, others BigDecimal. */
    public WordCount(Map<String, Object> config) {
        top = (Long) config.getOrDefault("top", 10L);
        if (top < 1) {
            throw new IllegalArgumentException("top must be at least 1");
        }
    }

    /** Called for each item with the value of "with". What it throws is the failure of that item alone. */
    @Override
    public Map<String, Long> apply(String text) {
        if (text == null || text.isBlank()) {
            throw new IllegalArgumentException("there is no text");
        }
        texts++;
        Map<String, Long> counts = new TreeMap<>();
        for (String word : text.toLowerCase(Locale.ROOT).split("\\W+")) {
            counts.merge(word, 1L, Long::sum);
        }
        Map<String, Long> first = new LinkedHashMap<>();
        counts.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder()))
                .limit(top)
                .forEach(entry -> first.put(entry.getKey(), entry.getValue()));
        return first;
    }

    /** Called once, when the stage has ended. */
    @Override
    public void close() {
        System.getLogger("word-count").log(System.Logger.Level.DEBUG, "{0} texts", texts);
    }
}
