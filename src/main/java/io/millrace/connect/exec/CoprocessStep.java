package io.millrace.connect.exec;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.spi.Assembly;
import io.millrace.spi.Failure;
import io.millrace.spi.Failure.Kind;
import io.millrace.spi.Frame;
import io.millrace.spi.Scope;
import io.millrace.spi.Settings;
import io.millrace.spi.Step;
import io.millrace.spi.Template;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Items as lines through processes that stay, those of one stage instance. On its event loop. */
final class CoprocessStep implements Step {
    private final Optional<Template> input;
    private final Context context;
    private final int window;
    private final List<Coprocess> processes;
    private final Deque<Call> waiting = new ArrayDeque<>();

    CoprocessStep(Settings settings, Assembly assembly) {
        CoprocessSettings shared = CoprocessFields.read(settings, assembly);
        this.context = assembly.vertx().getOrCreateContext();
        this.input = settings.find(CoprocessFields.INPUT);
        this.window = shared.window();
        this.processes = Stream.generate(() -> new Coprocess(assembly.vertx(), context, shared, this::sendWaiting))
                .limit(shared.processes())
                .toList();
        assembly.onClose(this::close);
    }

    @Override
    public Future<JsonNode> run(Frame frame) {
        JsonNode value = input.isPresent() ? input.get().eval(frame) : frame.document();
        Call call = new Call(Json.bytes(value));
        if (frame.scope().cancelled()) {
            return Future.failedFuture(cancellation());
        }
        Scope.Handle handle = frame.scope().onCancel(Scope.Operation.of(call::doing, () -> cancel(call)));
        onLoop(() -> {
            waiting.add(call);
            sendWaiting();
        });
        return call.result.future().onComplete(done -> handle.dispose());
    }

    /** A step that the flow runs in a worker pool comes from there. */
    private void onLoop(Runnable task) {
        if (Context.isOnEventLoopThread()) {
            task.run();
        } else {
            context.runOnContext(go -> task.run());
        }
    }

    /** Gives what waits to the processes with the most room. */
    private void sendWaiting() {
        while (!waiting.isEmpty()) {
            Coprocess idlest = idlest();
            if (idlest.load() >= window) {
                return;
            }
            idlest.send(waiting.remove());
        }
    }

    private Coprocess idlest() {
        Coprocess best = processes.get(0);
        for (Coprocess next : processes) {
            best = next.load() < best.load() ? next : best;
        }
        return best;
    }

    /** The item need not wait for the process, which may hang: its answer is dropped when it comes. */
    private Future<Void> cancel(Call call) {
        if (!call.isOver()) {
            call.fail(cancellation());
            Coprocess owner = call.owner();
            if (owner == null) {
                waiting.remove(call);
            } else {
                owner.cancel(call);
            }
        }
        return Future.succeededFuture();
    }

    private static Failure cancellation() {
        return Failure.of(Kind.CANCELLED, "cancelled");
    }

    private Future<Void> close() {
        waiting.forEach(call -> call.fail(cancellation()));
        waiting.clear();
        return Future.join(processes.stream().map(Coprocess::close).toList()).mapEmpty();
    }
}
