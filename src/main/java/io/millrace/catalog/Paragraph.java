package io.millrace.catalog;

import java.util.ArrayList;
import java.util.List;

/** Text in lines of bounded width. */
final class Paragraph {
    private Paragraph() {}

    static List<String> wrapped(String text, int indent, int width) {
        return lines(text, " ".repeat(indent), " ".repeat(indent), width);
    }

    static List<String> bullet(String text, int width) {
        return lines(text, "  - ", "    ", width);
    }

    private static List<String> lines(String text, String first, String next, int width) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder(first);
        boolean empty = true;
        for (String word : text.strip().split("\\s+")) {
            if (!empty && line.length() + 1 + word.length() > width) {
                lines.add(line.toString());
                line = new StringBuilder(next);
                empty = true;
            }
            line.append(empty ? "" : " ").append(word);
            empty = false;
        }
        lines.add(line.toString());
        return lines;
    }
}
