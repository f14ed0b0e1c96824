package io.millrace.connect.exec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.spi.Assembly;
import io.millrace.spi.Failure;
import io.millrace.spi.Frame;
import io.millrace.spi.Scope;
import io.millrace.spi.Settings;
import io.millrace.spi.Step;
import io.millrace.spi.Template;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** One program for each item. */
final class ExecStep implements Step {
    private static final byte[] NOTHING = {};

    private final Vertx vertx;
    private final ProgramTemplate program;
    private final Optional<Template> stdin;
    private final Exits expect;
    private final long maxOutput;
    private final ReadAs read;
    private final Duration grace;

    ExecStep(Settings settings, Assembly assembly) {
        this.vertx = assembly.vertx();
        this.program = new ProgramTemplate(settings, assembly);
        this.stdin = settings.find(ExecStepType.STDIN);
        this.expect = settings.get(ExecFields.EXPECT);
        this.maxOutput = settings.get(ExecStepType.MAX_OUTPUT);
        this.read = settings.get(ExecStepType.READ);
        this.grace = settings.get(ExecFields.GRACE);
    }

    @Override
    public Future<JsonNode> run(Frame frame) {
        Context context = vertx.getOrCreateContext();
        Program each = program.of(frame.document(), frame);
        Output out = read == ReadAs.NONE ? Output.discarded() : Output.upTo(maxOutput);
        Output err = Output.upTo(maxOutput);
        Execution execution = new Execution(each, input(frame), out, err, grace);
        Scope.Handle handle = frame.scope()
                .onCancel(Scope.Operation.of(() -> "running `" + each.name() + "`", () -> cancel(execution, context)));
        CompletableFuture<JsonNode> value =
                execution.start().thenApplyAsync(exit -> value(each.name(), exit, out, err), ProcessThreads.POOL);
        return Future.fromCompletionStage(value, context)
                .recover(thrown -> Future.failedFuture(Execution.unwrapped(thrown)))
                .onComplete(done -> handle.dispose());
    }

    private byte[] input(Frame frame) {
        return stdin.map(template -> template.eval(frame))
                .filter(value -> !value.isNull())
                .map(Json::text)
                .orElse(NOTHING);
    }

    private static Future<Void> cancel(Execution execution, Context context) {
        Failure why = Failure.of(Failure.Kind.CANCELLED, "cancelled");
        return Future.fromCompletionStage(execution.end(why), context);
    }

    private JsonNode value(String name, int exit, Output out, Output err) {
        String stderr = new String(err.bytes(), StandardCharsets.UTF_8);
        if (!expect.accepts(exit)) {
            throw Exits.failure(name, exit, stderr);
        }
        ObjectNode value = JsonNodeFactory.instance.objectNode();
        value.put("exit", exit);
        value.set("stdout", read.value(out.bytes(), name));
        return value.put("stderr", stderr);
    }
}
