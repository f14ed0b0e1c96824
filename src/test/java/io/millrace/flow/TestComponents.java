package io.millrace.flow;

import io.millrace.catalog.Catalog;
import io.millrace.spi.Assembly;
import io.millrace.spi.Block;
import io.millrace.spi.Component;
import io.millrace.spi.Components;
import io.millrace.spi.Field;
import io.millrace.spi.Resource;
import io.millrace.spi.ResourceType;
import io.millrace.spi.Settings;
import io.millrace.spi.Sink;
import io.millrace.spi.SinkType;
import io.millrace.spi.Source;
import io.millrace.spi.SourceType;
import io.millrace.spi.Spec;
import io.millrace.spi.Step;
import io.millrace.spi.StepType;
import io.millrace.spi.Types;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Declarations in the shape of the real components, without anything that runs: what the reader's own tests read with. */
public final class TestComponents {
    public static final Field<String> CLIENT =
            Field.of("client", Types.resource("http"), "The http resource that sends it.");
    public static final Field<String> DB = Field.of("db", Types.resource("postgres"), "The postgres resource.");

    private static final Field<String> KEY = Field.of("key", Types.string(), "A unique column.");
    private static final Field<Boolean> NOW =
            Field.of("now", Types.bool(), "Send at once.").byDefault(false);

    private TestComponents() {}

    public static Components all() {
        List<Component> all = new ArrayList<>();
        steps().forEach(spec -> all.add(new AStep(spec)));
        sources().forEach(spec -> all.add(new ASource(spec)));
        sinks().forEach(spec -> all.add(new ASink(spec)));
        resources().forEach(spec -> all.add(new AResource(spec)));
        return Catalog.of(List.of(() -> all));
    }

    private static List<Spec> steps() {
        return List.of(
                Spec.step("map", "Makes the document anew.")
                        .whole(Field.of("to", Types.template(), "The new document."))
                        .result(Spec.Result.NOTHING)
                        .example("{}")
                        .done(),
                Spec.step("set", "Adds fields.")
                        .whole(Field.of("fields", Types.template(), "The fields."))
                        .result(Spec.Result.NOTHING)
                        .done(),
                Spec.step("filter", "Ends the item where the jq is false.")
                        .whole(Field.of("keep", Types.jq(), "The question."))
                        .result(Spec.Result.NOTHING)
                        .endsItems()
                        .done(),
                Spec.step("split", "One item per output.")
                        .whole(Field.of("into", Types.jq(), "What generates."))
                        .result(Spec.Result.NOTHING)
                        .stageLevelOnly()
                        .done(),
                Spec.step("collect", "Groups items.")
                        .fields(
                                Field.of("by", Types.jq(), "The group."),
                                Field.of("items", Types.integer(1, 100_000), "At most so many."),
                                Field.of("wait", Types.duration(), "At most so long."))
                        .stageLevelOnly()
                        .done(),
                http(),
                Spec.step("html", "Takes values out of a page.")
                        .main(Field.of("text", Types.dynamic(Types.string()), "The page.")
                                .required())
                        .fields(Field.of("select", Types.json(), "CSS selectors.")
                                .required())
                        .blockingByDefault()
                        .done(),
                Spec.step("sql", "Runs a query.")
                        .main(Field.of("query", Types.string(), "The query.").required())
                        .fields(
                                Field.of("params", Types.list(Types.template()), "Values of $1, $2."),
                                Field.of("one", Types.bool(), "A row instead of rows.")
                                        .byDefault(false))
                        .uses("postgres", DB)
                        .done(),
                Spec.step("exec", "Runs a program.")
                        .main(Field.of("command", Types.list(Types.dynamic(Types.string())), "Program and arguments.")
                                .required())
                        .done(),
                Spec.step("do", "A block.")
                        .whole(Field.of("do", Types.steps(Block.Filter.AS_AROUND), "The steps."))
                        .result(Spec.Result.BLOCK)
                        .done(),
                Spec.step("switch", "The first case that matches.")
                        .whole(Field.of(
                                "cases",
                                Types.list(Types.object(Spec.object("case", "one case")
                                        .fields(
                                                Field.of("when", Types.jq(), "The question."),
                                                Field.of("do", Types.steps(Block.Filter.AS_AROUND), "The steps.")
                                                        .required())
                                        .done())),
                                "The cases."))
                        .result(Spec.Result.BLOCK)
                        .done(),
                Spec.step("gather", "Branches at the same time.")
                        .main(Field.of(
                                        "branches",
                                        Types.<Object>either(Types.list(Types.steps(Block.Filter.REFUSED)))
                                                .or(Types.map(Types.steps(Block.Filter.REFUSED))),
                                        "The branches.")
                                .required())
                        .fields(Field.of(
                                        "errors",
                                        Types.oneOf("way to treat errors", "cancel", "return"),
                                        "What a failure does.")
                                .byDefault("cancel"))
                        .done(),
                Spec.step("each", "Runs steps for each element.")
                        .fields(
                                Field.of("in", Types.jq(), "The elements.").required(),
                                Field.of("do", Types.steps(Block.Filter.ALLOWED), "The steps.")
                                        .required())
                        .done(),
                Spec.step("emit", "Sends items to a stage.")
                        .fields(
                                Field.of("to", Types.stage(), "The stage.").required(),
                                Field.of("each", Types.jq(), "The elements."),
                                Field.of("item", Types.template(), "The item."),
                                NOW)
                        .sendsAtOnce(NOW)
                        .result(Spec.Result.NOTHING)
                        .done(),
                Spec.step("lock", "One after another.")
                        .fields(
                                Field.of("name", Types.string(), "Its name.").required(),
                                Field.of("do", Types.steps(Block.Filter.REFUSED), "The steps.")
                                        .required())
                        .holdsOthersUp()
                        .result(Spec.Result.BLOCK)
                        .done(),
                Spec.step("reply", "Answers.")
                        .main(Field.of("body", Types.template(), "The answer."))
                        .answers()
                        .result(Spec.Result.NOTHING)
                        .done(),
                Spec.step("call", "Runs a function.")
                        .main(Field.of("function", Types.function(), "Its name.")
                                .required())
                        .fields(Field.of("with", Types.template(), "The document for it."))
                        .done(),
                Spec.step("sleep", "Waits.")
                        .main(Field.of("for", Types.dynamic(Types.duration()), "How long.")
                                .required())
                        .result(Spec.Result.NOTHING)
                        .done(),
                Spec.step("log", "Writes a line to the log.")
                        .main(Field.of("message", Types.dynamic(Types.string()), "The line.")
                                .required())
                        .fields(Field.of("level", Types.oneOf("level", "debug", "info", "warn", "error"), "The level.")
                                .byDefault("info"))
                        .result(Spec.Result.NOTHING)
                        .done(),
                Spec.step("raise", "Fails.")
                        .main(Field.of("message", Types.dynamic(Types.string()), "Why.")
                                .required())
                        .fields(Field.of("kind", Types.oneOf("kind of failure", "BAD_DATA", "REJECTED"), "The kind."))
                        .result(Spec.Result.NOTHING)
                        .done());
    }

    private static Spec http() {
        Field<?> body = Field.of("body", Types.template(), "The body.");
        Field<?> form = Field.of("form", Types.template(), "A form.");
        return Spec.step("http", "Sends a request.")
                .main(Field.of("url", Types.dynamic(Types.string()), "The address.")
                        .required()
                        .example("https://example.org/"))
                .fields(
                        Field.of("method", Types.dynamic(Types.string()), "The method.")
                                .byDefault("GET"),
                        Field.of("headers", Types.map(Types.dynamic(Types.string())), "Headers."),
                        body,
                        form,
                        Field.of("expect", Types.json(), "Statuses that are answers."),
                        Field.of("maxBody", Types.size(), "The largest body.").byDefault("10MB"))
                .uses("http", CLIENT)
                .exclusive(body, form)
                .returns("{status, headers, body, url, bytes, elapsedMs}")
                .note("A status of 400 or more fails, unless \"expect\" lets it pass.")
                .example(
                        "{\n  \"source\": { \"values\": [\"https://example.org/\"] },\n  \"steps\": [{ \"http\": \"${.value}\" }]\n}")
                .done();
    }

    private static List<Spec> sources() {
        Field<String> path = Field.of("path", Types.string(), "The file.").required();
        return List.of(
                Spec.source("values", "Each value of a list.")
                        .whole(Field.of("values", Types.json(), "The values."))
                        .replayable()
                        .done(),
                Spec.source("range", "Numbers.")
                        .main(Field.of("count", Types.longInteger(0, Long.MAX_VALUE), "How many.")
                                .required())
                        .fields(
                                Field.of("from", Types.longInteger(Long.MIN_VALUE, Long.MAX_VALUE), "The first.")
                                        .byDefault(0),
                                Field.of("step", Types.longInteger(Long.MIN_VALUE, Long.MAX_VALUE), "The distance.")
                                        .byDefault(1))
                        .replayable()
                        .done(),
                Spec.source("lines", "Each line of a file.")
                        .main(path)
                        .replayable()
                        .done(),
                Spec.source("jsonl", "Each JSON value of a file.")
                        .main(path)
                        .replayable()
                        .done(),
                Spec.source("http-server", "Requests.")
                        .main(Field.of("path", Types.string(), "Which."))
                        .confirms()
                        .done(),
                Spec.source("csv", "Each row of a file.")
                        .main(path)
                        .fields(Field.of("header", Types.bool(), "Whether the first row names the columns.")
                                .byDefault(true))
                        .replayable()
                        .done(),
                Spec.source("timer", "Ticks.")
                        .main(Field.of("every", Types.duration(), "The distance.")
                                .required())
                        .fields(Field.of("count", Types.integer(1, 1_000_000), "How many."))
                        .done(),
                Spec.source("sql", "Each row of a query.")
                        .main(Field.of("query", Types.string(), "The query.").required())
                        .fields(Field.of("params", Types.json(), "Values of $1, $2."), KEY)
                        .replayableWith(KEY)
                        .uses("postgres", DB)
                        .done());
    }

    private static List<Spec> sinks() {
        Field<?> path = Field.of("path", Types.template(), "The file.").required();
        return List.of(
                Spec.sink("stdout", "JSON lines to standard output.")
                        .batching(1000, Duration.ofMillis(50))
                        .done(),
                Spec.sink("jsonl", "JSON lines to a file.")
                        .main(path)
                        .appendsTo(path)
                        .done(),
                Spec.sink("sql", "Rows into a table.")
                        .main(Field.of("table", Types.string(), "The table.").required())
                        .fields(
                                Field.of("key", Types.list(Types.string()), "Its key."),
                                Field.of(
                                                "mode",
                                                Types.oneOf("mode", "insert", "upsert", "ignore", "update", "delete"),
                                                "How.")
                                        .defaultDoc("upsert with a key, else insert"))
                        .uses("postgres", DB)
                        .batching(500, Duration.ofMillis(100))
                        .done(),
                Spec.sink("discard", "Nowhere.").done());
    }

    private static List<Spec> resources() {
        return List.of(
                Spec.resource("http", "A client.")
                        .fields(
                                Field.of("perHost", Types.integer(1, 100_000), "Connections to one host.")
                                        .byDefault(16),
                                Field.of("timeout", Types.duration(), "The whole of a request.")
                                        .byDefault("30s"))
                        .done(),
                Spec.resource("postgres", "A pool of connections.")
                        .fields(
                                Field.of("uri", Types.string(), "The server."),
                                Field.of("init", Types.list(Types.string()), "Statements that run once."))
                        .done(),
                Spec.resource("http-server", "Serves a folder.")
                        .fields(
                                Field.of("port", Types.integer(0, 65_535), "The port.")
                                        .byDefault(0),
                                Field.of("files", Types.string(), "The folder."))
                        .done());
    }

    private record AStep(Spec spec) implements StepType {
        @Override
        public Step build(Settings settings, Assembly assembly) {
            throw new UnsupportedOperationException();
        }
    }

    private record ASource(Spec spec) implements SourceType {
        @Override
        public Source build(Settings settings, Assembly assembly) {
            throw new UnsupportedOperationException();
        }
    }

    private record ASink(Spec spec) implements SinkType {
        @Override
        public Sink build(Settings settings, Assembly assembly) {
            throw new UnsupportedOperationException();
        }
    }

    private record AResource(Spec spec) implements ResourceType {
        @Override
        public Resource build(Settings settings, Assembly assembly) {
            throw new UnsupportedOperationException();
        }
    }
}
