package io.millrace.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.engine.item.BlockingCall;
import io.millrace.engine.item.Item;
import io.millrace.engine.item.Sequence;
import io.millrace.engine.item.Settling;
import io.millrace.engine.item.StageContext;
import io.millrace.engine.item.StepCompiler;
import io.millrace.engine.item.Whereabouts;
import io.millrace.engine.queue.Loop;
import io.millrace.engine.stage.Router;
import io.millrace.engine.stage.RunControl;
import io.millrace.engine.stage.StageInstance;
import io.millrace.engine.stage.StageMetrics;
import io.millrace.engine.stage.StageParts;
import io.millrace.engine.stage.Vault;
import io.millrace.flow.Flow;
import io.millrace.flow.Modifiers;
import io.millrace.flow.OnError;
import io.millrace.flow.Stage;
import io.millrace.spi.Sink;
import io.millrace.spi.Step;
import io.millrace.spi.Variables;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Deploys one instance of a stage on an event loop of its own. */
final class StageVerticle extends VerticleBase {
    private final RunScope run;
    private final Flow flow;
    private final Stage stage;
    private final int index;
    private final Wiring wiring;
    private final Optional<Sink> sink;
    private final Optional<Vault> vault;
    private final boolean endless;
    private final RunControl control;
    private final StageMetrics metrics = new StageMetrics();
    private final Settling settling = new Settling();
    private final RunAssembly.Functions functions = new RunAssembly.Functions();
    private @Nullable StageInstance instance;
    private @Nullable Loop loop;

    StageVerticle(
            RunScope run,
            Flow flow,
            Stage stage,
            int index,
            Wiring wiring,
            Optional<Sink> sink,
            Optional<Vault> vault,
            boolean endless,
            RunControl control) {
        this.run = run;
        this.flow = flow;
        this.stage = stage;
        this.index = index;
        this.wiring = wiring;
        this.sink = sink;
        this.vault = vault;
        this.endless = endless;
        this.control = control;
    }

    StageMetrics metrics() {
        return metrics;
    }

    /** Runs a task on the instance, on its loop. */
    void tell(Consumer<StageInstance> task) {
        Loop on = loop;
        if (on != null) {
            on.execute(() -> task.accept(Objects.requireNonNull(instance)));
        }
    }

    /** Asks the instance on its loop. */
    <T> Future<T> ask(Function<StageInstance, T> question) {
        Promise<T> answer = Promise.promise();
        tell(instance -> answer.complete(question.apply(instance)));
        return answer.future();
    }

    boolean holdsGroups() {
        StageInstance of = instance;
        return of != null && of.holdsGroups();
    }

    @Override
    public Future<?> start() {
        Loop own = new VertxLoop(context);
        Router router = wiring.router(stage.name(), own, settling, control);
        StageContext here = new Here(own, router);
        StepCompiler compiler = new StepCompiler(
                stage.name(), within -> RunAssembly.forSteps(run, stage.name(), endless, flow, within, functions));
        functions.compileWith(compiler);
        Sequence steps = compiler.compile(stage.steps());
        Step segment = compiler.stage(steps, modifiers());
        instance = new StageInstance(new StageParts(
                stage,
                index,
                slots(),
                wiring.address(stage.name(), index),
                wiring.quota(stage),
                wiring.wire(),
                here,
                steps,
                segment,
                router,
                sink,
                vault,
                wiring.limiter(stage.name()),
                wiring.brake(stage.name()),
                metrics,
                settling,
                control,
                flow.onError()));
        loop = own;
        run.watch().instance(stage.name(), here.whereabouts(), own);
        return functions.open();
    }

    @Override
    public Future<?> stop() {
        StageInstance of = instance;
        if (of != null) {
            of.close();
        }
        return functions.close();
    }

    /** Catch steps of the flow stand in where the stage says nothing. */
    private Modifiers modifiers() {
        Modifiers own = stage.modifiers();
        if (own.onError().isPresent() || !(flow.onError() instanceof OnError.Catch)) {
            return own;
        }
        return new Modifiers(
                own.name(),
                own.as(),
                own.when(),
                own.ensure(),
                Optional.of(flow.onError()),
                own.retry(),
                own.timeout(),
                own.blocking());
    }

    private int slots() {
        int share = stage.concurrency() / stage.instances();
        return Math.max(1, share + (index < stage.concurrency() % stage.instances() ? 1 : 0));
    }

    /** The stage instance, as its frames see it. */
    private final class Here implements StageContext {
        private final Loop own;
        private final Router router;
        private final Variables variables;
        private final Whereabouts whereabouts = new Whereabouts();
        private final AtomicInteger crowd = new AtomicInteger();
        private int emitted;

        Here(Loop own, Router router) {
            this.own = own;
            this.router = router;
            this.variables = run;
        }

        @Override
        public String stage() {
            return stage.name();
        }

        @Override
        public Loop loop() {
            return own;
        }

        @Override
        public Whereabouts whereabouts() {
            return whereabouts;
        }

        @Override
        public boolean onLoop() {
            return Context.isOnEventLoopThread();
        }

        @Override
        public <T> BlockingCall<T> blocking(String pool, Callable<T> work) {
            return run.workers().call(pool, stage(), context, work, this::crowd);
        }

        private void crowd(int change) {
            if (crowd.addAndGet(change) == 0) {
                own.execute(() -> Objects.requireNonNull(instance).resume());
            }
        }

        @Override
        public boolean crowded() {
            return crowd.get() > 0;
        }

        @Override
        public Future<Void> emitNow(Item from, String to, ObjectNode document) {
            from.root().retain(1);
            Promise<Void> placed = Promise.promise();
            Item child = from.child(document, emitted++, 0);
            if (router.send(to, child, name -> variable(name, child), placed::complete)) {
                return Future.succeededFuture();
            }
            return placed.future();
        }

        private @Nullable JsonNode variable(String name, Item item) {
            return name.equals("meta") ? item.meta(stage()) : variables.variable(name);
        }

        @Override
        public @Nullable JsonNode variable(String name) {
            return variables.variable(name);
        }
    }
}
