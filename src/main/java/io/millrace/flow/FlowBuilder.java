package io.millrace.flow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.flow.Flow.Limits;
import io.millrace.flow.Flow.ResourceDef;
import io.millrace.flow.Flow.Workers;
import io.millrace.flow.Stage.Batching;
import io.millrace.flow.Stage.Limit;
import io.millrace.flow.Stage.SinkDef;
import io.millrace.flow.Stage.SourceDef;
import io.millrace.spi.ResourceType;
import io.millrace.spi.Settings;
import io.millrace.spi.SinkType;
import io.millrace.spi.SourceType;
import io.millrace.spi.Spec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.BiFunction;

/** Makes a flow of settings that are all known and right. */
final class FlowBuilder {
    private static final String DEFAULT_WRAP = "value";
    private static final int DEFAULT_CONCURRENCY = 16;

    private final String name;
    private final Path file;
    private final ObjectNode params;
    private final FlowCheck check;

    FlowBuilder(String name, Path file, ObjectNode params, FlowCheck check) {
        this.name = name;
        this.file = file;
        this.params = params;
        this.check = check;
    }

    /** @param resources all of them, implicit ones too, in order */
    Flow build(Settings flow, Map<String, ResourceDef> resources) {
        Flow written = written(flow, resources);
        return written.durable() ? withKeptQueues(written) : written;
    }

    /** In a durable flow a queue is a table where what it holds, or has seen, must not be forgotten. */
    private static Flow withKeptQueues(Flow flow) {
        Routes routes = new Routes(flow);
        Map<String, Stage> stages = new LinkedHashMap<>();
        flow.stages().forEach((stage, def) -> {
            boolean kept = def.queue().unique().isPresent() || routes.isEnteredByCycle(stage);
            stages.put(stage, kept ? def.withQueue(def.queue().kept()) : def);
        });
        return flow.withStages(Collections.unmodifiableMap(stages));
    }

    private Flow written(Settings flow, Map<String, ResourceDef> resources) {
        JsonNode durable = flow.get(Language.DURABLE);
        return new Flow(
                name,
                flow.get(Language.DESCRIPTION),
                file,
                params,
                resources,
                each(flow.find(Language.WORKERS), (pool, settings) -> workers(settings)),
                each(flow.find(Language.FUNCTIONS), (function, steps) -> (Steps) steps),
                stages(flow),
                flow.find(Language.ON_ERROR).orElse(new OnError.DeadLetter()),
                DurableType.isOn(durable),
                Optional.ofNullable(durable.textValue()),
                flow.find(Language.LIMITS).map(FlowBuilder::limits).orElse(Limits.NONE));
    }

    static ResourceDef resource(String name, ComponentType.Found found) {
        return new ResourceDef(name, (ResourceType) found.component(), found.settings());
    }

    private Map<String, Stage> stages(Settings flow) {
        return flow.has(Language.STAGES)
                ? each(flow.find(Language.STAGES), (stage, settings) -> stage(stage, settings, Optional.empty()))
                : Map.of(name, stage(name, flow, defaultSink(flow)));
    }

    private static <A, B> Map<String, B> each(Optional<Map<String, A>> all, BiFunction<String, A, B> made) {
        Map<String, B> result = new LinkedHashMap<>();
        all.orElse(Map.of()).forEach((key, value) -> result.put(key, made.apply(key, value)));
        return Collections.unmodifiableMap(result);
    }

    private static Workers workers(Settings pool) {
        int threads = pool.find(Language.THREADS)
                .orElse(Math.max(2, Runtime.getRuntime().availableProcessors()));
        return new Workers(threads, pool.get(Language.POOL_QUEUE));
    }

    private static Limits limits(Settings limits) {
        Optional<FailuresType.Bound> failures = limits.find(Language.LIMIT_FAILURES);
        return new Limits(
                limits.find(Language.LIMIT_TIME),
                limits.find(Language.LIMIT_ITEMS).map(OptionalLong::of).orElse(OptionalLong.empty()),
                failures.map(FailuresType.Bound::count).orElse(OptionalLong.empty()),
                failures.map(FailuresType.Bound::percent).orElse(OptionalDouble.empty()),
                limits.find(Language.LIMIT_HOLD).map(OptionalLong::of).orElse(OptionalLong.empty()),
                limits.find(Language.LIMIT_SPIKE));
    }

    private Stage stage(String stage, Settings settings, Optional<SinkDef> defaultSink) {
        int instances = settings.get(Language.INSTANCES);
        int concurrency = settings.has(Language.CONCURRENCY)
                ? settings.get(Language.CONCURRENCY)
                : Math.max(DEFAULT_CONCURRENCY, instances);
        return new Stage(
                stage,
                settings.find(Language.SOURCE).map(FlowBuilder::source),
                settings.find(Language.STEPS).map(Steps.class::cast).orElse(Steps.NONE),
                settings.find(Language.TO).orElse(new To.None()),
                settings.find(Language.SINK)
                        .map(found -> sink(found, settings.find(Language.BATCH)))
                        .or(() -> defaultSink),
                queue(settings.find(Language.QUEUE)),
                instances == InstancesType.AUTO
                        ? Math.min(Runtime.getRuntime().availableProcessors(), concurrency)
                        : instances,
                concurrency,
                settings.get(Language.ORDERED),
                settings.find(Language.RATE).map(FlowBuilder::limit),
                settings.find(Language.AFTER).orElse(List.of()),
                check.declared().single() ? withoutOnError(ModifiersOf.stage(settings)) : ModifiersOf.stage(settings));
    }

    /** In a flow that is its only stage, {@code onError} is the flow's. */
    private static Modifiers withoutOnError(Modifiers m) {
        return new Modifiers(
                m.name(), m.as(), m.when(), m.ensure(), Optional.empty(), m.retry(), m.timeout(), m.blocking());
    }

    private static SourceDef source(ComponentType.Found found) {
        return new SourceDef(
                (SourceType) found.component(), found.settings(), found.as().orElse(DEFAULT_WRAP));
    }

    private Optional<SinkDef> defaultSink(Settings flow) {
        if (flow.has(Language.TO)) {
            return Optional.empty();
        }
        return check.find(Spec.Kind.SINK, Written.DEFAULT_SINK).map(sink -> {
            Settings none = new Settings(sink.spec(), flow.at(), Map.of());
            return sink(new ComponentType.Found(sink, none, Optional.empty()), flow.find(Language.BATCH));
        });
    }

    private static SinkDef sink(ComponentType.Found found, Optional<Settings> batch) {
        Spec.Batching own = found.component().spec().batching();
        int items =
                batch.flatMap(settings -> settings.find(Language.BATCH_ITEMS)).orElse(own.items());
        Duration linger =
                batch.flatMap(settings -> settings.find(Language.WAIT)).orElse(own.linger());
        long bytes = batch.orElse(EMPTY_BATCH).get(Language.BATCH_BYTES);
        return new SinkDef((SinkType) found.component(), found.settings(), new Batching(items, bytes, linger));
    }

    private static final Settings EMPTY_BATCH = empty(Language.BATCH_SPEC);
    private static final Settings EMPTY_QUEUE = empty(Language.QUEUE_SPEC);

    private static Settings empty(Spec spec) {
        return new Settings(
                spec,
                new io.millrace.spi.Cursor(
                        com.fasterxml.jackson.databind.node.JsonNodeFactory.instance.objectNode(), ""),
                Map.of());
    }

    private static Queue queue(Optional<Settings> given) {
        Settings queue = given.orElse(EMPTY_QUEUE);
        return new Queue(
                queue.get(Language.CAPACITY),
                queue.get(Language.QUEUE_BYTES),
                queue.get(Language.QUEUE_DURABLE),
                queue.find(Language.UNIQUE).map(unique -> unique.get(Language.UNIQUE_BY)),
                queue.find(Language.UNIQUE).flatMap(unique -> unique.find(Language.UNIQUE_FOR)),
                queue.find(Language.KEY));
    }

    private static Limit limit(Settings rate) {
        return new Limit(rate.get(Language.LIMIT), rate.find(Language.PER), rate.get(Language.BURST));
    }
}
