package io.millrace.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.flow.CheckedFlow;
import io.millrace.spi.Expressions;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** Runs flows on a Vert.x instance. */
public final class VertxEngine implements Engine {
    private final Vertx vertx;
    private final Expressions expressions;
    private final Databases databases;
    private final Ledgers ledgers;
    private final List<Run> runs = new CopyOnWriteArrayList<>();

    public VertxEngine(Vertx vertx, Expressions expressions, Databases databases, Ledgers ledgers) {
        this.vertx = vertx;
        this.expressions = expressions;
        this.databases = databases;
        this.ledgers = ledgers;
        VertxWire.prepare(vertx);
    }

    @Override
    public Run start(CheckedFlow flow, RunOptions options) {
        boolean durable = flow.durable() && options.replay().isEmpty();
        Run started = durable
                ? new LastingRun(vertx, again -> start(flow, options, again))
                : start(flow, options, Optional.empty());
        runs.add(started);
        started.result().onComplete(ended -> runs.remove(started));
        return started;
    }

    private FlowRun start(CheckedFlow flow, RunOptions options, Optional<Long> again) {
        ObjectNode shown = FlowRun.shown();
        Redaction redaction = new Redaction(flow.secrets());
        RunScope scope =
                new RunScope(vertx, flow.name(), options, expressions, databases, flow.variables(), shown, redaction);
        ObjectNode run = flow.variables().getOrDefault("run", FlowRun.shown());
        Account account =
                new Account(run.path("id").asText(), new DeadLetterFile(vertx, options.deadLetters()), redaction);
        return new FlowRun(vertx, flow, options, scope, shown, account, ledgers, again);
    }

    @Override
    public List<Run> runs() {
        return List.copyOf(runs);
    }
}
