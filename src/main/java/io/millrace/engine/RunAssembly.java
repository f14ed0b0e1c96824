package io.millrace.engine;

import io.millrace.engine.item.StepCompiler;
import io.millrace.flow.Flow;
import io.millrace.flow.Steps;
import io.millrace.spi.Assembly;
import io.millrace.spi.Block;
import io.millrace.spi.DatabaseAddress;
import io.millrace.spi.Expressions;
import io.millrace.spi.Resource;
import io.millrace.spi.RunLocks;
import io.millrace.spi.Step;
import io.millrace.spi.Variables;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What components of one place in a run are built from. Compiles steps for one stage instance at the most. */
final class RunAssembly implements Assembly {
    /** The functions compiled for one stage instance, and what its steps keep open. */
    static final class Functions {
        private record Use(String function, Optional<String> pool) {}

        private final Map<Use, Step> compiled = new HashMap<>();
        private final List<Supplier<Future<Void>>> openers = new ArrayList<>();
        private final List<Supplier<Future<Void>>> closers = new ArrayList<>();
        private @Nullable StepCompiler compiler;

        /** Opens in the order of the steps; what fails closes what was opened before it. */
        Future<Void> open() {
            Future<Void> all = Future.succeededFuture();
            for (Supplier<Future<Void>> opener : openers) {
                all = all.compose(ready -> opener.get());
            }
            return all.recover(thrown -> close().transform(closed -> Future.failedFuture(thrown)));
        }

        Future<Void> close() {
            List<Future<Void>> closing = new ArrayList<>();
            closers.forEach(closer -> closing.add(closer.get()));
            return Future.join(closing).mapEmpty();
        }

        /** With what functions are compiled, whoever calls them first. */
        void compileWith(StepCompiler ofStage) {
            compiler = ofStage;
        }

        /** A function, as a step calls it that runs in the pool of its compiler. */
        Step get(String name, Flow flow, StepCompiler caller) {
            Use use = new Use(name, caller.pool());
            Step known = compiled.get(use);
            if (known != null) {
                return known;
            }
            Steps body = flow.functions().get(name);
            if (body == null) {
                throw new IllegalArgumentException("flow " + flow.name() + " has no function " + name);
            }
            Step[] late = new Step[1];
            compiled.put(use, frame -> late[0].run(frame));
            late[0] = Objects.requireNonNull(compiler).inPoolOf(caller).compile(body);
            compiled.put(use, late[0]);
            return late[0];
        }
    }

    private final RunScope run;
    private final String stage;
    private final boolean endless;
    private final @Nullable Flow flow;
    private final @Nullable StepCompiler compiler;
    private final Functions functions;

    private RunAssembly(
            RunScope run,
            String stage,
            boolean endless,
            @Nullable Flow flow,
            @Nullable StepCompiler compiler,
            Functions functions) {
        this.run = run;
        this.stage = stage;
        this.endless = endless;
        this.flow = flow;
        this.compiler = compiler;
        this.functions = functions;
    }

    static RunAssembly forResource(RunScope run) {
        return new RunAssembly(run, "", false, null, null, new Functions());
    }

    static RunAssembly forConnector(RunScope run, String stage, boolean endless) {
        return new RunAssembly(run, stage, endless, null, null, new Functions());
    }

    static RunAssembly forSteps(
            RunScope run, String stage, boolean endless, Flow flow, StepCompiler compiler, Functions functions) {
        return new RunAssembly(run, stage, endless, flow, compiler, functions);
    }

    @Override
    public Vertx vertx() {
        return run.vertx();
    }

    @Override
    public String stage() {
        return stage;
    }

    @Override
    public String flow() {
        return run.flowName();
    }

    @Override
    public <R extends Resource> R resource(Optional<String> name, String kind, Class<R> type) {
        return type.cast(run.resource(name, kind));
    }

    @Override
    public Step compile(Block steps) {
        return compiler().compile((Steps) steps);
    }

    @Override
    public Step function(String name) {
        if (flow == null) {
            throw new IllegalStateException("only steps call functions");
        }
        return functions.get(name, flow, compiler());
    }

    private StepCompiler compiler() {
        if (compiler == null) {
            throw new IllegalStateException("only steps hold steps");
        }
        return compiler;
    }

    @Override
    public <T> T shared(String key, Class<T> type, Supplier<T> made) {
        return type.cast(run.shared(key, made));
    }

    @Override
    public Optional<RunLocks> runLocks() {
        return run.locks();
    }

    @Override
    public Expressions expressions() {
        return run.expressions();
    }

    @Override
    public Variables variables() {
        return run;
    }

    @Override
    public <T> Future<T> blocking(Callable<T> work) {
        Context context = run.vertx().getOrCreateContext();
        return run.workers().run(WorkerPools.DEFAULT, context, work);
    }

    @Override
    public void onOpen(Supplier<Future<Void>> open) {
        if (compiler == null) {
            throw new IllegalStateException("sources, sinks and resources are opened by their own open()");
        }
        functions.openers.add(open);
    }

    @Override
    public void onClose(Supplier<Future<Void>> close) {
        if (compiler == null) {
            throw new IllegalStateException("sources, sinks and resources are closed by their own close()");
        }
        functions.closers.add(close);
    }

    @Override
    public Future<DatabaseAddress> embeddedDatabase() {
        return run.databases().embedded();
    }

    @Override
    public Path path(String text) {
        return run.options().workingDirectory().resolve(text);
    }

    @Override
    public String redact(String text) {
        return run.redaction().of(text);
    }

    @Override
    public PrintStream out() {
        return run.options().out();
    }

    @Override
    public InputStream in() {
        return run.options().in();
    }

    @Override
    public boolean endless() {
        return endless;
    }
}
