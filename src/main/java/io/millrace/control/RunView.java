package io.millrace.control;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.engine.Run;
import io.millrace.engine.RunResult;
import io.millrace.engine.RunSnapshot;
import io.millrace.engine.RunSnapshot.StageSnapshot;
import java.util.Locale;

/** Runs as the API shows them. Times are in milliseconds, counts since the start; what is not known is absent. */
final class RunView {
    private RunView() {}

    /** {@code {id, flow, state, pid, folder, elapsedMs, read, expected, deadLetters, store, run, done, stages}}; store, run and done of durable ones. */
    static ObjectNode of(Run run) {
        return of(run.id(), run.snapshot());
    }

    /** The same at its end, with {@code outcome} and {@code reason}. */
    static ObjectNode of(Run run, RunResult result) {
        ObjectNode view = of(run.id(), result.last());
        view.put("outcome", result.outcome().name().toLowerCase(Locale.ROOT));
        if (!result.reason().isEmpty()) {
            view.put("reason", result.reason());
        }
        return view;
    }

    private static ObjectNode of(String id, RunSnapshot run) {
        ObjectNode view = JsonNodeFactory.instance.objectNode();
        view.put("id", id).put("flow", run.flow()).put("state", run.state());
        view.put("pid", ProcessHandle.current().pid()).put("folder", System.getProperty("user.dir"));
        view.put("elapsedMs", run.elapsed().toMillis()).put("read", run.read());
        if (run.expected() >= 0) {
            view.put("expected", run.expected());
        }
        view.put("deadLetters", run.deadLetters());
        if (!run.firstDeadLetter().isEmpty()) {
            view.put("firstDeadLetter", run.firstDeadLetter());
        }
        run.kept()
                .ifPresent(kept -> view.put("store", kept.store().toString())
                        .put("run", kept.run())
                        .put("done", kept.done()));
        var stages = view.putArray("stages");
        run.stages().forEach(stage -> stages.add(of(stage)));
        return view;
    }

    private static ObjectNode of(StageSnapshot stage) {
        ObjectNode view = JsonNodeFactory.instance.objectNode();
        view.put("name", stage.name()).put("in", stage.in()).put("out", stage.out());
        view.put("failed", stage.failed()).put("retried", stage.retried()).put("dropped", stage.dropped());
        view.put("inFlight", stage.inFlight()).put("queued", stage.queued()).put("capacity", stage.capacity());
        view.put("stored", stage.stored()).put("last", stage.last());
        if (!Double.isNaN(stage.p50())) {
            view.put("p50Ms", stage.p50()).put("p99Ms", stage.p99());
        }
        return view;
    }
}
