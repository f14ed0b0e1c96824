package io.millrace.testkit.sim;

import io.millrace.flow.Modifiers;
import io.millrace.flow.Queue;
import io.millrace.flow.Stage;
import io.millrace.flow.StepDef;
import io.millrace.flow.Steps;
import io.millrace.flow.To;
import io.millrace.spi.Assembly;
import io.millrace.spi.Collecting;
import io.millrace.spi.Cursor;
import io.millrace.spi.Field;
import io.millrace.spi.Jq;
import io.millrace.spi.Rate;
import io.millrace.spi.Settings;
import io.millrace.spi.Sink;
import io.millrace.spi.SinkType;
import io.millrace.spi.Source;
import io.millrace.spi.SourceType;
import io.millrace.spi.Spec;
import io.millrace.spi.Step;
import io.millrace.spi.StepType;
import io.millrace.spi.Types;
import io.millrace.testkit.TestJson;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Builds stages. */
public final class Stages {
    private static final Field<String> TO = Field.of("to", Types.stage(), "Where to.");
    private static final Field<String> PATH = Field.of("path", Types.string(), "The file.");
    private static final Field<Jq> BY = Field.of("by", Types.jq(), "What a group has in common.");

    private final String name;
    private final List<StepDef> steps = new ArrayList<>();
    private Optional<Stage.SourceDef> source = Optional.empty();
    private Optional<Stage.SinkDef> sink = Optional.empty();
    private To to = new To.None();
    private int capacity = 1024;
    private long bytes = 64L << 20;
    private Optional<Jq> key = Optional.empty();
    private Optional<Jq> unique = Optional.empty();
    private boolean durable;
    private int instances = 1;
    private int concurrency = 16;
    private boolean ordered;
    private Optional<Stage.Limit> rate = Optional.empty();
    private Modifiers modifiers = Modifiers.NONE;

    private Stages(String name) {
        this.name = name;
    }

    public static Stages stage(String name) {
        return new Stages(name);
    }

    public Stages source() {
        SourceType type = new SourceType() {
            @Override
            public Spec spec() {
                return Spec.source("count", "Counts.").done();
            }

            @Override
            public Source build(Settings settings, Assembly assembly) {
                throw new UnsupportedOperationException();
            }
        };
        source = Optional.of(new Stage.SourceDef(type, settings(type.spec(), Map.of()), "value"));
        return this;
    }

    public Stages sink(int batch) {
        return sink(batch, false);
    }

    /** @param appends whether it grows files */
    public Stages sink(int batch, boolean appends) {
        SinkType type = new SinkType() {
            @Override
            public Spec spec() {
                Spec.Builder spec = Spec.sink("note", "Notes.").fields(PATH);
                return (appends ? spec.appendsTo(PATH) : spec).done();
            }

            @Override
            public Sink build(Settings settings, Assembly assembly) {
                throw new UnsupportedOperationException();
            }
        };
        Stage.Batching batching = new Stage.Batching(batch, Long.MAX_VALUE, Duration.ofMillis(1));
        sink = Optional.of(new Stage.SinkDef(type, settings(type.spec(), Map.of()), batching));
        return this;
    }

    public Stages steps(TestSteps... more) {
        steps.addAll(TestSteps.list(more).list());
        return this;
    }

    /** A step that may emit to the stage: the edge of the graph; what it does, the lambda says. */
    public Stages emitting(String target, Step step) {
        Spec spec = Spec.step("emit", "Emits.")
                .result(Spec.Result.NOTHING)
                .fields(TO)
                .done();
        steps.add(new StepDef(type(spec, step), settings(spec, Map.of(TO, target)), Modifiers.NONE, ""));
        return this;
    }

    public Stages collecting(Optional<Jq> by, int items, Optional<Duration> linger) {
        return collecting(new Collecting(by, items, Long.MAX_VALUE, linger, Optional.empty()));
    }

    /** Groups that leave when the clock strikes. */
    public Stages collectingEvery(Duration time) {
        return collecting(new Collecting(
                Optional.empty(), Integer.MAX_VALUE, Long.MAX_VALUE, Optional.empty(), Optional.of(time)));
    }

    private Stages collecting(Collecting collecting) {
        Spec spec = Spec.step("collect", "Collects.")
                .result(Spec.Result.NOTHING)
                .stageLevelOnly()
                .fields(BY)
                .done();
        Map<Field<?>, Object> by = new HashMap<>();
        collecting.by().ifPresent(jq -> by.put(BY, jq));
        steps.add(new StepDef(type(spec, collecting), settings(spec, by), Modifiers.NONE, ""));
        return this;
    }

    /** Splits each document into so many: {@code {"id": "<id>/<n>"}}. */
    public Stages splitting(int parts) {
        return steps(TestSteps.action("split", frame -> {
            List<com.fasterxml.jackson.databind.JsonNode> all = new ArrayList<>();
            for (int i = 0; i < parts; i++) {
                String id = frame.document().path("id").asText();
                all.add(frame.document().deepCopy().put("id", id + "/" + i));
            }
            frame.split(all);
            return Future.succeededFuture(TestJson.read("null"));
        }));
    }

    private static Settings settings(Spec spec, Map<Field<?>, Object> values) {
        return new Settings(spec, new Cursor(TestJson.read("null"), ""), values);
    }

    private static StepType type(Spec spec, Step step) {
        return new StepType() {
            @Override
            public Spec spec() {
                return spec;
            }

            @Override
            public Step build(Settings settings, Assembly assembly) {
                return step;
            }
        };
    }

    public Stages to(String... names) {
        to = new To.Stages(List.of(names));
        return this;
    }

    public Stages capacity(int items) {
        capacity = items;
        return this;
    }

    public Stages bytes(long most) {
        bytes = most;
        return this;
    }

    public Stages key(String jq) {
        key = Optional.of(TestSteps.jq(jq));
        return this;
    }

    public Stages unique(String jq) {
        unique = Optional.of(TestSteps.jq(jq));
        return this;
    }

    /** Its queue is a table. */
    public Stages durable() {
        durable = true;
        return this;
    }

    public Stages instances(int count) {
        instances = count;
        return this;
    }

    public Stages concurrency(int count) {
        concurrency = count;
        return this;
    }

    public Stages ordered() {
        ordered = true;
        return this;
    }

    public Stages rate(int permits, Duration per, Optional<String> apart, int burst) {
        rate = Optional.of(new Stage.Limit(new Rate(permits, per), apart.map(TestSteps::jq), burst));
        return this;
    }

    public Stages modified(TestSteps whole) {
        modifiers = whole.modifiers();
        return this;
    }

    public Stage done() {
        Queue queue = new Queue(capacity, bytes, durable, unique, Optional.empty(), key);
        return new Stage(
                name,
                source,
                new Steps(steps),
                to,
                sink,
                queue,
                instances,
                concurrency,
                ordered,
                rate,
                List.of(),
                modifiers);
    }
}
