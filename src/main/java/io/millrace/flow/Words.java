package io.millrace.flow;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Small change of error messages. */
final class Words {
    private static final int LIST_AT_MOST = 16;

    private Words() {}

    /** A value, short. */
    static String shown(JsonNode value) {
        String text = value.toString();
        return text.length() <= 60 ? text : text.substring(0, 57) + "…";
    }

    static String quoted(String word) {
        return "\"" + word + "\"";
    }

    /** A sentence as the second half of another. */
    static String within(String sentence) {
        return sentence.substring(0, 1).toLowerCase(Locale.ROOT) + sentence.substring(1);
    }

    /** {@code a, b or c}; cut where there are many. */
    static String anyOf(Collection<String> words) {
        List<String> shown =
                words.stream().limit(LIST_AT_MOST).map(Words::quoted).toList();
        if (words.size() > LIST_AT_MOST) {
            return String.join(", ", shown) + ", …";
        }
        return shown.size() < 2
                ? String.join("", shown)
                : String.join(", ", shown.subList(0, shown.size() - 1)) + " or " + shown.get(shown.size() - 1);
    }

    /** {@code "a" and "b"}. */
    static String allOf(Collection<String> words) {
        return words.stream().map(Words::quoted).collect(Collectors.joining(" and "));
    }

    /** With its article. */
    static String a(String noun) {
        return ("aeiou".indexOf(noun.charAt(0)) >= 0 || noun.startsWith("ht") ? "an " : "a ") + noun;
    }
}
