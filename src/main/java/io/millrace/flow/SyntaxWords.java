package io.millrace.flow;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import io.millrace.flow.JsonText.Mistake;
import io.millrace.flow.JsonText.Opened;
import io.millrace.flow.Positions.Place;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Says what is wrong with a text that is no JSON, in the words of somebody who writes flows. */
final class SyntaxWords {
    /** A message of the parser, and ours; {@code $1} stands for the first group of the pattern. */
    private record Wording(Pattern pattern, String what, String mend) {}

    private static final List<Wording> WORDINGS = List.of(
            wording(
                    "Unexpected character \\('\"'.*was expecting comma",
                    "A comma is missing before this.",
                    "Put one after the value that ends before it."),
            wording(
                    "Unexpected character \\('(.)'.*was expecting comma",
                    "$1 is not expected here.",
                    "Put a comma after the value before it, or close its bracket."),
            wording(
                    "Unexpected character \\('(.)'.*was expecting double-quote",
                    "$1 is not expected here.",
                    "Names of fields stand in double quotes: \"name\": value."),
            wording(
                    "Unexpected character \\('(.)'.*was expecting a colon",
                    "A colon is missing before $1.",
                    "Write \"name\": value."),
            wording(
                    "Unexpected character \\('(')'.*expected a valid value",
                    "Strings stand in double quotes.",
                    "Write \"…\"; inside jq '…' is fine."),
            wording(
                    "Unexpected close marker '(.)': expected '(.)'",
                    "$1 closes what $2 should close.",
                    "Match each { with } and each [ with ]."),
            wording(
                    "Unexpected character \\('(.)'.*maybe a \\(non-standard\\) comment",
                    "$1 does not begin a comment.",
                    "Comments are // and /* */."),
            wording(
                    "Unexpected character \\('(.)'",
                    "$1 is not expected here.",
                    "Write a value: \"text\", a number, true, false, null, { } or [ ]."),
            wording("Unrecognized token 'True'", "`True` is not JSON.", "Write true."),
            wording("Unrecognized token 'False'", "`False` is not JSON.", "Write false."),
            wording("Unrecognized token '(None|NULL|Null|nil)'", "`$1` is not JSON.", "Write null."),
            wording("Unrecognized token '([^']*)", "`$1` is not JSON.", "Text stands in double quotes: \"$1\"."),
            wording(
                    "Illegal unquoted character",
                    "A string cannot run over the end of a line.",
                    "Close it with \", or write \\n and \\t inside it."),
            wording(
                    "Unrecognized character escape '?(.)",
                    "\\\\$1 is no escape.",
                    "Write \\\\\\\\ for a backslash; inside jq use '…' for strings."),
            wording(
                    "Invalid numeric value|not a valid representation|non-standard token|decimal point",
                    "This is not a number of JSON.",
                    "Write 1, -1, 1.5 or 1e3, or put it in double quotes."),
            wording(
                    "Unexpected hex|Unexpected character .* in hex|expected a hex-digit",
                    "A \\\\u escape needs four hexadecimal digits.",
                    "Write it like \\\\u00e9, or the character itself."));

    private SyntaxWords() {}

    private static Wording wording(String pattern, String what, String mend) {
        return new Wording(Pattern.compile(pattern, Pattern.DOTALL), what, mend);
    }

    /** @param reached how far the parser had come, for problems without a place of their own */
    static Mistake describe(JsonProcessingException bad, JsonLocation reached, String text, @Nullable Opened open) {
        Place place = within(text, bad.getLocation() == null ? reached : bad.getLocation());
        if (bad instanceof JsonEOFException) {
            return unclosed(place, open);
        }
        String message = bad.getOriginalMessage();
        if (bad instanceof StreamConstraintsException) {
            return tooMuch(place, message);
        }
        for (Wording wording : WORDINGS) {
            Matcher matcher = wording.pattern.matcher(message);
            if (matcher.find()) {
                return new Mistake(place, "", expand(wording.what, matcher), expand(wording.mend, matcher));
            }
        }
        return new Mistake(place, "", "This is not JSON.", "Look for a missing comma, quote or bracket before it.");
    }

    private static Mistake tooMuch(Place place, String message) {
        return message.contains("nesting depth")
                ? new Mistake(
                        place,
                        "",
                        "Brackets are nested more than " + JsonText.MAX_DEPTH + " deep.",
                        "Use functions to keep flows flat.")
                : new Mistake(
                        place, "", "This value is too long.", "Numbers have up to 1,000 digits, strings up to 20 MB.");
    }

    private static Mistake unclosed(Place end, @Nullable Opened open) {
        return open == null
                ? new Mistake(end, "", "The file ends within a value or comment.", "Close it.")
                : new Mistake(
                        end,
                        "",
                        "The file ends, and the " + open.bracket() + " of line "
                                + open.place().line() + ", column "
                                + open.place().column() + " is still open.",
                        "Close it with " + (open.bracket() == '{' ? "}" : "]") + ".");
    }

    private static String expand(String words, Matcher matcher) {
        String expanded = words.replace("\\\\", "\\");
        for (int i = 1; i <= matcher.groupCount(); i++) {
            expanded = expanded.replace("$" + i, matcher.group(i));
        }
        return expanded;
    }

    /** A place inside the text, whatever the parser says. */
    private static Place within(String text, @Nullable JsonLocation location) {
        List<String> lines = text.lines().toList();
        if (location == null || lines.isEmpty()) {
            return Place.START;
        }
        int line = Math.min(Math.max(1, location.getLineNr()), lines.size());
        int length = lines.get(line - 1).length();
        int column = location.getLineNr() > lines.size() ? length : location.getColumnNr();
        return new Place(line, Math.min(Math.max(1, column), Math.max(1, length)));
    }
}
