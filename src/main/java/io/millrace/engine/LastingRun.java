package io.millrace.engine;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A durable run that goes on after its process was taken for dead, for it was stopped or cut off for longer than it may be silent. What it had went to
 * others then, and counts there; it comes back as a new one would, unless another process has the run for itself.
 */
final class LastingRun implements Run {
    private final Function<Optional<Long>, FlowRun> starter;
    private final Promise<RunResult> result = Promise.promise();
    private FlowRun now;
    private boolean ending;

    /** @param starter starts the run, or goes on with that very one */
    LastingRun(Function<Optional<Long>, FlowRun> starter) {
        this.starter = starter;
        this.now = starter.apply(Optional.empty());
        follow(now);
    }

    private void follow(FlowRun run) {
        run.result().onComplete(ended -> over(run, ended.result()));
    }

    private void over(FlowRun run, RunResult ended) {
        Optional<Long> lost = run.lost();
        if (lost.isEmpty() || !goesOn(lost.get())) {
            result.complete(ended);
        }
    }

    private synchronized boolean goesOn(long id) {
        if (ending) {
            return false;
        }
        now = starter.apply(Optional.of(id));
        follow(now);
        return true;
    }

    private synchronized FlowRun now() {
        return now;
    }

    private synchronized void end(Consumer<Run> how) {
        ending = true;
        how.accept(now);
    }

    @Override
    public String id() {
        return now().id();
    }

    @Override
    public Future<RunResult> result() {
        return result.future();
    }

    @Override
    public void drain(String reason) {
        end(run -> run.drain(reason));
    }

    @Override
    public void cancel(String reason) {
        end(run -> run.cancel(reason));
    }

    @Override
    public Future<Integer> cancelItem(String id) {
        return now().cancelItem(id);
    }

    @Override
    public RunSnapshot snapshot() {
        return now().snapshot();
    }
}
