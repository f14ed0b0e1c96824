package io.millrace.connect.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.spi.Assembly;
import io.millrace.spi.Check;
import io.millrace.spi.Failure;
import io.millrace.spi.Field;
import io.millrace.spi.Jq;
import io.millrace.spi.Settings;
import io.millrace.spi.Spec;
import io.millrace.spi.Types;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/** What a flow may say of the pages it reads. */
final class SourceFields {
    private SourceFields() {}

    static final Field<String> URL = Field.of("url", Types.string(), "The http or https URL of the first page.")
            .required()
            .example("https://api.example.org/orders");
    static final Field<String> METHOD =
            Field.of("method", Types.string(), "The method.").defaultDoc("GET, or POST where there is a body or form");
    static final Field<Map<String, JsonNode>> QUERY = Field.of(
                    "query", Types.map(Types.json()), "Parameters added to the URL, encoded.")
            .example(Map.of("per_page", 100));
    static final Field<Map<String, JsonNode>> HEADERS = Field.of(
                    "headers", Types.map(Types.json()), "Headers of each request; they win over the client's.")
            .example(Map.of("accept", "application/json"));
    static final Field<JsonNode> BODY =
            Field.of("body", Types.json(), "The body: a string is sent as text, anything else as JSON.");
    static final Field<Map<String, JsonNode>> FORM =
            Field.of("form", Types.map(Types.json()), "The fields of a form, sent as a browser does.");
    static final Field<PageFormat> FORMAT = Field.of(
                    "format",
                    Types.enumOf("format", PageFormat.class),
                    "How the body holds the records: json as a whole; jsonl, csv, lines and sse (server-sent events) as they come. auto:"
                            + " by the content type; text is lines.")
            .byDefault("auto");
    static final Field<Jq> ITEMS = Field.of(
                    "items",
                    Types.jq(),
                    "The records of a body, one for each output; for formats that are read as they come, of each line's value.")
            .defaultDoc("the elements of an array, or the value itself")
            .example(".results[]");
    static final Field<Jq> NEXT = Field.of(
                    "next",
                    Types.jq(),
                    "The next page, of {status, headers, body, url, page, count}: null is the end, a string is its URL, relative to this"
                            + " one, an object is merged into the query. rel('next') reads the header Link.")
            .defaultDoc("there is one page")
            .example("if .count < 100 then null else {page: (.page + 1)} end");
    static final Field<Optional<Duration>> AGAIN = Field.of(
                    "again",
                    Types.<Optional<Duration>>either(Types.duration().map(Optional::of))
                            .or(Types.bool().map(on -> on ? Optional.of(Duration.ofSeconds(1)) : Optional.empty())),
                    "After the last page begins at the first one anew, for ever, after this time (true: 1s): for long polling, and for sse,"
                            + " which goes on behind the last event.")
            .byDefault(false)
            .example("5s");
    static final Field<Long> MAX_LINE = Field.of(
                    "maxLine", Types.size(), "A longer line, row or event is a dead letter; those after it go on.")
            .byDefault("1MB");
    static final Field<String> DELIMITER = Field.of(
                    "delimiter", Types.string(), "The character between two cells of csv.")
            .byDefault(",")
            .example(";");

    static final Field<Integer> ATTEMPTS = Field.of(
                    "attempts", Types.integer(1, 1000), "How often, with the first time.")
            .byDefault(5);
    static final Field<Duration> BACKOFF = Field.of(
                    "backoff", Types.duration(), "Upper bound of the first pause; it doubles with each.")
            .byDefault("500ms");
    static final Field<Duration> MAX_BACKOFF = Field.of("maxBackoff", Types.duration(), "Upper bound of any pause.")
            .byDefault("30s");
    private static final Spec RETRY_OBJECT = Spec.object("retry", "how often a page is asked for")
            .fields(ATTEMPTS, BACKOFF, MAX_BACKOFF)
            .done();

    /** How often a page is asked for, and the pauses between. */
    record Retry(int attempts, Duration backoff, Duration maxBackoff) {
        static Retry of(Settings settings) {
            return new Retry(settings.get(ATTEMPTS), settings.get(BACKOFF), settings.get(MAX_BACKOFF));
        }

        /**
         * As for {@code retry}: exponential with full jitter, no shorter than the server or the retry budget asks for.
         *
         * @param failures how often it has failed
         */
        Duration pause(Failure wrong, int failures) {
            long most = maxBackoff.toMillis();
            long bound = Math.min(most, backoff.toMillis() << Math.min(failures - 1, 20));
            long jittered = ThreadLocalRandom.current().nextLong(Math.max(0, bound) + 1);
            Duration wait = Duration.ofMillis(Math.max(jittered, Math.min(most, wrong.retryAfterMs())));
            Duration permitted = wrong.takeRetryPermit();
            return wait.compareTo(permitted) < 0 ? permitted : wait;
        }
    }

    static final Field<Retry> RETRY = Field.of(
                    "retry",
                    Types.object(RETRY_OBJECT).map(Retry::of),
                    "How often a page is asked for that cannot be had for a passing reason; then the run fails. With again: for ever.")
            .byDefault(Map.of());
    static final Field<String> CLIENT = StepFields.CLIENT;

    static final List<Field<?>> ALL = List.of(
            METHOD,
            QUERY,
            HEADERS,
            BODY,
            FORM,
            StepFields.EXPECT,
            FORMAT,
            ITEMS,
            NEXT,
            AGAIN,
            RETRY,
            MAX_LINE,
            DELIMITER);

    /** A URL without what may be secret, and may be renewed: user, values of parameters, what the path has from outside of the flow. */
    static String shown(Target first, Settings settings, Assembly assembly) {
        JsonNode given = settings.at().json();
        String written = (given.isTextual() ? given : given.path(URL.name())).asText();
        boolean fromOutside = written.contains("$env") || written.contains("file(");
        return first.originUrl() + (fromOutside ? "" : assembly.redact(first.path()));
    }

    static void rule(Settings settings, Check check) {
        settings.find(URL).ifPresent(url -> {
            try {
                Target.parse(url);
            } catch (Failure wrong) {
                check.error(settings.at(), wrong.message(), "");
            }
        });
        if (settings.find(DELIMITER).filter(text -> text.length() != 1).isPresent()) {
            check.error(settings.at().child(DELIMITER.name()), "The delimiter is not one character.", "Write one.");
        }
    }
}
