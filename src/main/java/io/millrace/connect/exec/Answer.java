package io.millrace.connect.exec;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.spi.Failure;
import io.millrace.spi.Failure.Kind;
import io.millrace.spi.LineReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/** What a line of a co-process means for the item that it answers. */
sealed interface Answer {
    /** The field of a line that makes it a failure. */
    String ERROR = "$error";

    /** The step's value. */
    record Value(JsonNode value) implements Answer {}

    /** The item fails, the process goes on. */
    record Failed(Failure failure) implements Answer {}

    /** No answer at all: nobody knows what the lines after it answer. */
    record Garbage(String line, String why) implements Answer {
        private static final int SHOWN = 200;

        String excerpt() {
            return line.length() <= SHOWN ? line : line.substring(0, SHOWN) + "…";
        }

        /** What the item fails with. */
        Failure failure(String program) {
            return Failure.build(
                            Kind.BAD_DATA,
                            "\"" + program + "\" printed a line that is no JSON (" + why + "): " + excerpt())
                    .body(line)
                    .done();
        }
    }

    /** The answer in the line that has been read. */
    static Answer of(LineReader lines, int maxLine) {
        if (lines.tooLong()) {
            return new Failed(
                    Failure.build(Kind.LIMIT, "the answer is longer than " + maxLine + " bytes; raise \"maxLine\"")
                            .body(text(lines))
                            .done());
        }
        try {
            JsonNode value = Json.parse(lines.bytes(), lines.offset(), lines.length());
            return value.has(ERROR) ? new Failed(failure(value.get(ERROR))) : new Value(value);
        } catch (IOException e) {
            return new Garbage(text(lines), Json.reason(e));
        }
    }

    private static String text(LineReader lines) {
        return new String(lines.bytes(), lines.offset(), lines.length(), StandardCharsets.UTF_8);
    }

    /** A text, or an object as {@code .error} is: {@code {kind, message, retryable, code, body}}. */
    private static Failure failure(JsonNode error) {
        Kind kind = kind(error.path("kind").asText());
        String message = error.path("message").asText(error.isValueNode() ? error.asText() : error.toString());
        Failure.Builder builder = Failure.build(kind, message);
        if (error.has("retryable")) {
            builder.retryable(error.get("retryable").asBoolean());
        }
        return builder.code(error.path("code").asText(null))
                .body(error.path("body").asText(null))
                .done();
    }

    private static Kind kind(String word) {
        return Arrays.stream(Kind.values())
                .filter(kind -> kind.name().equals(word.toUpperCase(Locale.ROOT)))
                .findFirst()
                .orElse(Kind.REJECTED);
    }
}
