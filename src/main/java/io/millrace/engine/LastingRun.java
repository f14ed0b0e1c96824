package io.millrace.engine;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A durable run that is started more than once. It begins a little later where a server could not be reached that may be just restarting. And it goes on after
 * its process was taken for dead, for it was stopped or cut off for longer than it may be silent: what it had went to others then, and counts there; it comes back
 * as a new one would, unless another process has the run for itself.
 */
final class LastingRun implements Run {
    private static final Logger LOG = LoggerFactory.getLogger("millrace.run");
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration PAUSE = Duration.ofMillis(500);

    private final Vertx vertx;
    private final Function<Optional<Long>, FlowRun> starter;
    private final Promise<RunResult> result = Promise.promise();
    private FlowRun now;
    private Optional<Long> again = Optional.empty();
    private boolean missed;
    private long deadline;
    private boolean ending;

    /** @param starter starts the run, or goes on with that very one */
    LastingRun(Vertx vertx, Function<Optional<Long>, FlowRun> starter) {
        this.vertx = vertx;
        this.starter = starter;
        this.now = starter.apply(again);
        follow(now);
    }

    private void follow(FlowRun run) {
        run.result().onComplete(ended -> over(run, ended.result()));
    }

    private synchronized void over(FlowRun run, RunResult ended) {
        Optional<Long> lost = run.lost();
        if (ending) {
            result.complete(ended);
        } else if (lost.isPresent()) {
            again = lost;
            missed = false;
            start();
        } else if (run.hasMissed() && hasTime(ended)) {
            vertx.setTimer(PAUSE.toMillis(), id -> later(ended));
        } else {
            result.complete(ended);
        }
    }

    private boolean hasTime(RunResult ended) {
        if (!missed) {
            missed = true;
            deadline = System.nanoTime() + PATIENCE.toNanos();
            LOG.warn("the run cannot begin yet, trying again for {} s: {}", PATIENCE.toSeconds(), ended.reason());
        }
        return System.nanoTime() - deadline < 0;
    }

    private synchronized void later(RunResult ended) {
        if (ending) {
            result.complete(ended);
        } else {
            start();
        }
    }

    private void start() {
        now = starter.apply(again);
        follow(now);
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
