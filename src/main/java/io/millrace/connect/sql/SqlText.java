package io.millrace.connect.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/** A statement in which the places of {@code $1}, {@code $2} … are known; not those in strings, quoted names and comments. */
final class SqlText {
    private record Place(int start, int end, int number) {}

    /** So many characters of a statement are told. */
    private static final int SHOWN = 80;

    private final String text;
    private final List<Place> places = new ArrayList<>();

    private SqlText(String text) {
        this.text = text;
    }

    static SqlText of(String statement) {
        String text = statement.strip();
        while (text.endsWith(";")) {
            text = text.substring(0, text.length() - 1).strip();
        }
        SqlText sql = new SqlText(text);
        for (int at = 0; at < text.length(); ) {
            at = sql.token(at);
        }
        return sql;
    }

    /** Without a semicolon at its end. */
    String text() {
        return text;
    }

    /** That it runs, as a phrase; a long one is cut. */
    static String running(String sql) {
        String line = sql.replaceAll("\\s+", " ");
        return "running `" + (line.length() <= SHOWN ? line : line.substring(0, SHOWN) + "…") + "`";
    }

    /** The highest number of a parameter. */
    int params() {
        return places.stream().mapToInt(Place::number).max().orElse(0);
    }

    /** The statement with something else in place of each parameter. */
    String with(IntFunction<String> inPlaceOf) {
        StringBuilder out = new StringBuilder();
        int from = 0;
        for (Place place : places) {
            out.append(text, from, place.start).append(inPlaceOf.apply(place.number));
            from = place.end;
        }
        return out.append(text, from, text.length()).toString();
    }

    /** Where the next token begins. */
    private int token(int at) {
        char c = text.charAt(at);
        if (c == '\'') {
            return quoted(at, '\'', at > 0 && isEscapeString(at));
        }
        if (c == '"') {
            return quoted(at, '"', false);
        }
        if (text.startsWith("--", at)) {
            int end = text.indexOf('\n', at);
            return end < 0 ? text.length() : end;
        }
        if (text.startsWith("/*", at)) {
            return comment(at);
        }
        return c == '$' ? dollar(at) : at + 1;
    }

    private boolean isEscapeString(int quote) {
        char before = text.charAt(quote - 1);
        return (before == 'E' || before == 'e') && (quote == 1 || !isWord(text.charAt(quote - 2)));
    }

    private int quoted(int at, char quote, boolean escapes) {
        int i = at + 1;
        while (i < text.length() && text.charAt(i) != quote) {
            i += escapes && text.charAt(i) == '\\' ? 2 : 1;
        }
        return Math.min(i + 1, text.length());
    }

    private int comment(int at) {
        int depth = 0;
        int i = at;
        while (i < text.length()) {
            if (text.startsWith("/*", i)) {
                depth++;
                i += 2;
            } else if (text.startsWith("*/", i)) {
                i += 2;
                if (--depth == 0) {
                    return i;
                }
            } else {
                i++;
            }
        }
        return i;
    }

    private int dollar(int at) {
        if (at > 0 && isWord(text.charAt(at - 1))) {
            return at + 1; // a$1 is a name
        }
        int end = at + 1;
        while (end < text.length() && isWord(text.charAt(end))) {
            end++;
        }
        String word = text.substring(at + 1, end);
        if (!word.isEmpty() && word.length() < 6 && word.chars().allMatch(Character::isDigit)) {
            places.add(new Place(at, end, Integer.parseInt(word)));
            return end;
        }
        if (end < text.length() && text.charAt(end) == '$') {
            String tag = text.substring(at, end + 1);
            int close = text.indexOf(tag, end + 1);
            return close < 0 ? text.length() : close + tag.length();
        }
        return at + 1;
    }

    private static boolean isWord(char c) {
        return Character.isLetterOrDigit(c) || c == '_';
    }
}
