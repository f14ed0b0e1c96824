package io.millrace.flow;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.spi.Block;
import io.millrace.spi.Dynamic;
import io.millrace.spi.Field;
import io.millrace.spi.Jq;
import io.millrace.spi.Rate;
import io.millrace.spi.Settings;
import io.millrace.spi.Spec;
import io.millrace.spi.Type;
import io.millrace.spi.Types;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The flow language itself, declared as components are: what reads and checks a flow also gives its JSON Schema and reference. */
public final class Language {
    // Of every step, and most of them of a stage or a flow.
    static final Field<String> LABEL = Field.of("name", Types.string(), "A label for logs, figures and dead letters.");
    static final Field<Modifiers.As> AS = Field.of(
                    "as",
                    new AsType(),
                    "Where the step's value goes: a field; null drops it; \".\" makes it the document.")
            .defaultDoc("the step's name");
    static final Field<Jq> WHEN = Field.of("when", Types.jq(), "The step is skipped where this jq is false.");
    static final Field<Block> FINALLY = Field.of(
            "finally",
            Types.steps(Block.Filter.REFUSED),
            "Steps that run afterwards in any case, also when cancelled.");
    static final Field<OnError> ON_ERROR = Field.of(
                    "onError",
                    new OnErrorType(),
                    "What becomes of a failure: ignore, drop, dead-letter, stop, or steps that stand in for what failed and see .error. The innermost wins.")
            .defaultDoc("that of the stage, then of the flow: dead-letter");
    static final Field<Dynamic<Duration>> TIMEOUT = Field.of(
                    "timeout",
                    Types.dynamic(Types.duration()),
                    "Each attempt is cancelled after this time, and fails with TIMEOUT.")
            .example("10s");
    static final Field<Optional<String>> BLOCKING = Field.of(
                    "blocking",
                    new BlockingType(),
                    "true or the name of a worker pool: the step runs there, never on the event loop.")
            .defaultDoc("true for html, xml and java, otherwise false");

    static final Field<Integer> ATTEMPTS = Field.of(
                    "attempts", Types.integer(1, 1_000_000), "How often at most, the first try included.")
            .byDefault(3);
    static final Field<Duration> BACKOFF = Field.of(
                    "backoff",
                    Types.duration(),
                    "Upper bound of the first wait; doubles each time; the wait is drawn at random.")
            .byDefault("200ms");
    static final Field<Duration> MAX_BACKOFF =
            Field.of("maxBackoff", Types.duration(), "Upper bound of any wait.").byDefault("30s");
    static final Field<List<Retry.Condition>> RETRY_ON = Field.of(
                    "on",
                    Types.list(new ConditionType()),
                    "Which failures: kinds, statuses such as 429, classes such as \"5xx\".")
            .defaultDoc("those that may go better next time")
            .example(List.of("TIMEOUT", "UNREACHABLE", 429, "5xx"));
    static final Field<Duration> TOTAL = Field.of("total", Types.duration(), "Bounds all attempts and waits together.")
            .example("2m");
    static final Spec RETRY_SPEC = Spec.object("retry", "how often, when and for which failures to try again")
            .fields(ATTEMPTS, BACKOFF, MAX_BACKOFF, RETRY_ON, TOTAL)
            .done();
    static final Field<Settings> RETRY = Field.of(
                    "retry", Types.object(RETRY_SPEC), "Tries again after a pause that grows and is drawn at random.")
            .example(Map.of("attempts", 3));

    /** What may stand beside the name of any step. */
    public static final Spec MODIFIERS = Spec.object("step", "what may stand beside the name of a step")
            .fields(LABEL, AS, WHEN, TIMEOUT, RETRY, ON_ERROR, FINALLY, BLOCKING)
            .done();

    // Of a stage.
    static final Field<ComponentType.Found> SOURCE = Field.of(
            "source", new ComponentType(Spec.Kind.SOURCE), "Where items come from: one source and its settings.");
    static final Field<ComponentType.Found> SINK = Field.of(
            "sink", new ComponentType(Spec.Kind.SINK), "Where results are written: one sink and its settings.");
    static final Field<Block> STEPS = Field.of(
            "steps",
            Types.steps(Block.Filter.ALLOWED),
            "What happens to each item: steps, one after another, like a coroutine.");
    static final Field<Jq> RULE_WHEN =
            Field.of("when", Types.jq(), "The rule holds where this jq is true; without it, always.");
    static final Field<Optional<String>> RULE_TO =
            Field.of("to", new TargetType(), "A stage, or \"discard\".").required();
    static final Spec RULE =
            Spec.object("rule", "one rule of \"to\"").fields(RULE_WHEN, RULE_TO).done();
    static final Field<To> TO = Field.of(
            "to",
            new ToType(),
            "Where results go: a stage; a list of stages, a copy to each; or rules, of which the first that holds decides.");

    static final Field<Jq> UNIQUE_BY =
            Field.of("by", Types.jq(), "The value that is remembered.").required();
    static final Field<Duration> UNIQUE_FOR = Field.of("for", Types.duration(), "How long, across runs.");
    static final Spec UNIQUE_SPEC = Spec.object("unique", "what counts as seen before")
            .main(UNIQUE_BY)
            .fields(UNIQUE_FOR)
            .done();
    static final Field<Integer> CAPACITY = Field.of(
                    "capacity", Types.integer(1, 100_000_000), "How many items may wait.")
            .byDefault(1024);
    static final Field<Long> QUEUE_BYTES =
            Field.of("bytes", Types.size(), "How large they may be together.").byDefault("64MB");
    static final Field<Boolean> QUEUE_DURABLE = Field.of(
                    "durable", Types.bool(), "Whether the queue is a table that outlives the process.")
            .byDefault(false);
    static final Field<Settings> UNIQUE = Field.of(
                    "unique",
                    Types.object(UNIQUE_SPEC),
                    "jq: an item whose value was seen before in this run is dropped.")
            .example(".url");
    static final Field<Jq> KEY = Field.of("key", Types.jq(), "Items of one key run one after another, in order.");
    static final Spec QUEUE_SPEC = Spec.object("queue", "the bounded queue of a stage")
            .fields(CAPACITY, QUEUE_BYTES, QUEUE_DURABLE, UNIQUE, KEY)
            .done();
    static final Field<Settings> QUEUE =
            Field.of("queue", Types.object(QUEUE_SPEC), "The bounded queue that feeds the stage.");

    static final Field<Integer> INSTANCES = Field.of(
                    "instances",
                    new InstancesType(),
                    "Verticles that share the work, each on an event loop; \"auto\": one per core.")
            .byDefault(1);
    static final Field<Integer> MIN =
            Field.of("min", Types.integer(1, 1_000_000), "Never fewer.").byDefault(1);
    static final Field<Integer> MAX =
            Field.of("max", Types.integer(1, 1_000_000), "Never more.").byDefault(200);
    static final Spec ADAPTIVE_SPEC = Spec.object("concurrency", "adapts to what the other side bears")
            .fields(MIN, MAX)
            .done();
    static final Field<Integer> CONCURRENCY = Field.of(
                    "concurrency",
                    Types.<Integer>either(Types.integer(1, 1_000_000))
                            .or(Types.object(ADAPTIVE_SPEC).map(range -> range.get(MAX))),
                    "Items in flight at the same time, over all instances.")
            .byDefault(16);
    static final Field<Boolean> ORDERED = Field.of(
                    "ordered", Types.bool(), "Results leave in the order in which items came; needs one instance.")
            .byDefault(false);

    static final Field<Rate> LIMIT =
            Field.of("limit", Types.rate(), "How often items start.").required();
    static final Field<Jq> PER =
            Field.of("per", Types.jq(), "Starts are counted apart for each value, such as a host.");
    static final Field<Integer> BURST = Field.of(
                    "burst", Types.integer(1, 1_000_000), "Starts that may come at once after a pause.")
            .byDefault(1);
    static final Spec RATE_SPEC = Spec.object("rate", "how often items start")
            .main(LIMIT)
            .fields(PER, BURST)
            .done();
    static final Field<Settings> RATE = Field.of(
                    "rate",
                    Types.object(RATE_SPEC),
                    "How often items start, over all instances, and over all processes that share the run.")
            .example("50/s");

    static final Field<Integer> BATCH_ITEMS =
            Field.of("items", Types.integer(1, 1_000_000), "At most so many in one write.");
    static final Field<Long> BATCH_BYTES =
            Field.of("bytes", Types.size(), "At most so much in one write.").byDefault("8MB");
    static final Field<Duration> WAIT =
            Field.of("wait", Types.duration(), "How long the first of them waits for more.");
    static final Spec BATCH_SPEC = Spec.object(
                    "batch", "when a sink writes what it holds: at the first bound that is reached")
            .fields(BATCH_ITEMS, BATCH_BYTES, WAIT)
            .done();
    static final Field<Settings> BATCH = Field.of(
                    "batch", Types.object(BATCH_SPEC), "When the sink writes what it holds.")
            .defaultDoc("the sink's own");
    static final Field<List<String>> AFTER = Field.of(
            "after",
            Types.oneOrMore(Types.stage()),
            "This stage's source starts when these stages have ended and all of their items are settled.");

    private static final Field<?>[] OF_STAGE = {
        SOURCE,
        STEPS,
        TO,
        SINK,
        CONCURRENCY,
        INSTANCES,
        ORDERED,
        RATE,
        QUEUE,
        BATCH,
        AFTER,
        TIMEOUT,
        RETRY,
        FINALLY,
        ON_ERROR
    };

    /** A stage. */
    public static final Spec STAGE = Spec.object(
                    "stage", "where items come from, what happens to each, where results go")
            .fields(OF_STAGE)
            .done();

    // Of a flow.
    static final Field<String> SCHEMA = Field.of("$schema", Types.string(), "Address of the JSON Schema, for editors.");
    static final Field<String> NAME =
            Field.of("name", Types.string(), "The flow's name.").defaultDoc("the file's name");
    static final Field<String> DESCRIPTION =
            Field.of("description", Types.string(), "What the flow is for.").byDefault("");

    static final Field<String> PARAM_TYPE = Field.of(
                    "type",
                    Types.oneOf(
                            "type of a parameter",
                            "string",
                            "integer",
                            "number",
                            "boolean",
                            "duration",
                            "json",
                            "secret"),
                    "What it takes; a secret is shown nowhere.")
            .byDefault("string");
    static final Field<JsonNode> PARAM_DEFAULT =
            Field.of("default", Types.json(), "Its value where none is given; without a default one has to be given.");
    static final Field<String> PARAM_DESCRIPTION =
            Field.of("description", Types.string(), "What it is for.").byDefault("");
    static final Spec PARAM = Spec.object("param", "a parameter of the flow: $params.<name>, -p name=value")
            .fields(PARAM_TYPE, PARAM_DEFAULT, PARAM_DESCRIPTION)
            .done();
    static final Field<Map<String, Settings>> PARAMS =
            Field.of("params", Types.map(Types.object(PARAM)), "Parameters of the flow, by name.");

    static final Field<Map<String, ComponentType.Found>> RESOURCES = Field.of(
            "resources",
            Types.map(new ComponentType(Spec.Kind.RESOURCE)),
            "What is opened before the first item, shared, and closed after the last; by name.");

    static final Field<Integer> THREADS =
            Field.of("threads", Types.integer(1, 1000), "Its threads.").defaultDoc("one per core, at least 2");
    static final Field<Integer> POOL_QUEUE = Field.of(
                    "queue",
                    Types.integer(1, 10_000_000),
                    "How much work may wait in the pool. While more does, its stage starts no more items.")
            .byDefault(1000);
    static final Spec POOL = Spec.object("worker pool", "threads for steps that block")
            .fields(THREADS, POOL_QUEUE)
            .done();
    static final Field<Map<String, Settings>> WORKERS = Field.of(
            "workers", Types.map(Types.object(POOL)), "Worker pools for steps that say \"blocking\", by name.");
    static final Field<Map<String, Block>> FUNCTIONS = Field.of(
            "functions", Types.map(Types.steps(Block.Filter.REFUSED)), "Lists of steps that \"call\" runs, by name.");
    static final Field<Map<String, Settings>> STAGES = Field.of(
            "stages", Types.map(Types.object(STAGE)), "The stages, by name; without it the flow is itself one stage.");
    static final Field<JsonNode> DURABLE = Field.of(
                    "durable", new DurableType(), "Whether the run's state is kept in PostgreSQL.")
            .byDefault(false);

    static final Field<Duration> LIMIT_TIME = Field.of(
                    "time",
                    Types.duration(),
                    "The run fails after this time; what is in flight then may go on for `--drain`.")
            .example("1h");
    static final Field<Long> LIMIT_ITEMS =
            Field.of("items", Types.longInteger(1, Long.MAX_VALUE), "Sources stop after so many items.");
    static final Field<FailuresType.Bound> LIMIT_FAILURES = Field.of(
                    "failures",
                    new FailuresType(),
                    "The run fails above so many failures, or above this share of the items.")
            .example("5%");
    static final Field<Long> LIMIT_HOLD = Field.of(
                    "hold",
                    Types.size(),
                    "How much memory a durable run may take for results of records that are not complete yet; by default a quarter"
                            + " of the heap. Sources wait before it is reached; one record that needs more is a dead letter.")
            .example("64MB");
    static final Field<Double> LIMIT_SPIKE = Field.of(
                    "spike",
                    new ShareType(),
                    "A durable run is paused when of a stage's latest items a share failed that lies by so much above its average so far; by default"
                            + " 50%. It says why, tries a few items now and then, and goes on when they succeed. 100%: never.")
            .example("20%");
    static final Spec LIMITS_SPEC = Spec.object("limits", "when a run stops")
            .fields(LIMIT_TIME, LIMIT_ITEMS, LIMIT_FAILURES, LIMIT_HOLD, LIMIT_SPIKE)
            .done();
    static final Field<Settings> LIMITS = Field.of("limits", Types.object(LIMITS_SPEC), "When a run stops.");

    static final Field<String> CRON =
            Field.of("cron", Types.string(), "When, as a cron expression.").required();
    static final Field<String> ZONE =
            Field.of("zone", Types.string(), "In which time zone.").byDefault("UTC");
    static final Field<String> MISSED = Field.of(
                    "missed",
                    Types.oneOf("way to treat missed starts", "skip", "once"),
                    "What becomes of starts that were missed.")
            .byDefault("skip");
    static final Field<String> OVERLAP = Field.of(
                    "overlap",
                    Types.oneOf("way to treat overlaps", "skip", "queue"),
                    "What becomes of a start while a run is under way.")
            .byDefault("skip");
    static final Spec SCHEDULE_SPEC = Spec.object("schedule", "when `serve` starts runs")
            .fields(CRON, ZONE, MISSED, OVERLAP)
            .done();
    static final Field<Settings> SCHEDULE =
            Field.of("schedule", Types.object(SCHEDULE_SPEC), "When `serve` starts runs.");

    /** A flow; without {@code stages} it has the fields of a stage too. */
    public static final Spec FLOW = Spec.object("flow", "an asyncio script, declared")
            .fields(SCHEMA, NAME, DESCRIPTION, PARAMS, RESOURCES, WORKERS, FUNCTIONS, STAGES, DURABLE, LIMITS, SCHEDULE)
            .fields(OF_STAGE)
            .done();

    private Language() {}

    /** Whether a field belongs to a stage and not to the flow around it. */
    static boolean isOfStageOnly(String name) {
        return !name.equals(ON_ERROR.name())
                && STAGE.fields().stream().anyMatch(field -> field.name().equals(name));
    }

    static List<String> names(Spec spec) {
        return spec.fields().stream().map(Field::name).toList();
    }

    /** For types that stand in more than one place. */
    static Type<Settings> rule() {
        return Types.object(RULE);
    }
}
