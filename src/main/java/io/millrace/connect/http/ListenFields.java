package io.millrace.connect.http;

import io.millrace.spi.Check;
import io.millrace.spi.Field;
import io.millrace.spi.Settings;
import io.millrace.spi.Types;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a flow may say of the requests that it takes. */
final class ListenFields {
    private ListenFields() {}

    static final Field<String> PATH = Field.of(
                    "path",
                    Types.string(),
                    "The path; :name stands for one part of it and is found in params, * at the end for any rest.")
            .required()
            .example("/orders/:id");
    static final Field<List<String>> METHODS = Field.of(
                    "methods",
                    Types.oneOrMore(Types.oneOf("method", "GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")),
                    "The methods, one or a list; others are answered with 405.")
            .defaultDoc("any")
            .example("POST");
    static final Field<Duration> REPLY_TIMEOUT = Field.of(
                    "replyTimeout",
                    Types.duration(),
                    "Time until a request that is complete has its answer; then it is 504, and the item goes on.")
            .byDefault("30s");
    static final Field<Duration> BODY_TIMEOUT = Field.of(
                    "bodyTimeout", Types.duration(), "Time for a request's body to arrive; then it is 408.")
            .byDefault("30s");
    static final Field<Long> MAX_BODY = Field.of(
                    "maxBody", Types.size(), "Bytes of a request's body; a larger one is answered with 413.")
            .byDefault("1MB");
    static final Field<Integer> BACKLOG = Field.of(
                    "backlog",
                    Types.integer(1, 1_000_000),
                    "Requests that may wait, their bodies in memory, while the stage has no room; one more is answered with 503.")
            .byDefault(1024);
    static final Field<String> SERVER =
            Field.of("server", Types.resource("http-server"), "The http-server resource that listens.");

    private static final Pattern PART = Pattern.compile("[^/?#\\s{}*:]*|:[A-Za-z][A-Za-z0-9_]*");
    private static final Pattern BRACES = Pattern.compile("\\{(\\w+)\\}");

    /** A path is checked with the flow, not when the first request comes. */
    static void pathRule(Settings settings, Check check) {
        settings.find(PATH).filter(path -> !isPath(path)).ifPresent(path -> {
            Matcher braces = BRACES.matcher(path);
            check.error(
                    settings.at().json().isObject() ? settings.at().child(PATH.name()) : settings.at(),
                    "\"" + path + "\" is not a path to listen on.",
                    braces.find()
                            ? "Write :" + braces.group(1) + " for a part that varies."
                            : "Write one such as /orders/:id or /files/*; the query is not part of it.");
        });
    }

    private static boolean isPath(String path) {
        String fixed = path.endsWith("*") ? path.substring(0, path.length() - 1) : path;
        return path.startsWith("/")
                && List.of(fixed.substring(1).split("/", -1)).stream()
                        .allMatch(part -> PART.matcher(part).matches());
    }
}
