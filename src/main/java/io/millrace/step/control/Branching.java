package io.millrace.step.control;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.spi.Failure;
import io.millrace.spi.Frame;
import io.millrace.spi.Scope;
import io.millrace.spi.Step;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.BitSet;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * Steps that run side by side, each on a frame of its own, as one step of the coroutine around them: none outlives it. It is over when
 * every branch that was started has ended, and what was cancelled has cleaned up, within a bound.
 *
 * <p>Branches that are done at once are run in a loop: no future, no recursion, whatever their number. Confined to the item's loop.
 */
abstract class Branching implements Scope.Operation {
    /** How long cancelled branches may take: five seconds to stop what they do, thirty for their {@code finally}. */
    private static final Duration PATIENCE = Duration.ofSeconds(35);

    /** Branches that are run in one turn of the loop, if all are done at once. */
    private static final int BURST = 2048;

    final Frame frame;
    /** So many running branches are named where it has to be told what they do. */
    private static final int NAMED = 3;

    private final int count;
    private final int concurrency;
    private final Frame[] branches;
    private final BitSet running = new BitSet();
    private int next;
    private int runningNow;
    private int holds;
    private boolean stopped;
    private @Nullable Promise<JsonNode> promise;
    private @Nullable Scope patience;

    Branching(Frame frame, int count, int concurrency) {
        this.frame = frame;
        this.count = count;
        this.concurrency = concurrency;
        this.branches = new Frame[count];
    }

    /** The frame of a branch. */
    abstract Frame fork(int branch);

    abstract Step steps(int branch);

    /** What a branch is called: {@code branch "a"}. */
    abstract String name(int branch);

    /** A branch has ended. May {@link #stop} the others. */
    abstract void ended(int branch, AsyncResult<JsonNode> result);

    /** All that was started has ended. */
    abstract Future<JsonNode> outcome();

    final Future<JsonNode> run() {
        holds++;
        startSome();
        if (--holds == 0) {
            return outcome();
        }
        Promise<JsonNode> waiting = Promise.promise();
        promise = waiting;
        Scope.Handle handle = frame.scope().onCancel(this);
        return waiting.future().onComplete(done -> handle.dispose());
    }

    /** The branches are below the scope that is cancelled, and stop by themselves. */
    @Override
    public final Future<Void> stop() {
        return Future.succeededFuture();
    }

    @Override
    public final String doing() {
        StringJoiner told = new StringJoiner(", ", "running ", "");
        running.stream().limit(NAMED).forEach(index -> told.add(doing(index)));
        int more = running.cardinality() - NAMED;
        return told + (more > 0 ? " and " + more + " more" : "");
    }

    private String doing(int index) {
        String within = branches[index].scope().doing();
        return name(index) + (within.isEmpty() ? "" : " (" + within + ")");
    }

    /** The frame of a branch that was started. */
    final Frame branch(int index) {
        return branches[index];
    }

    final boolean cancelled() {
        return frame.scope().cancelled();
    }

    private void startSome() {
        int left = BURST;
        while (!stopped && next < count && runningNow < concurrency) {
            if (left-- == 0) {
                holds++;
                frame.scope().execute(this::resume);
                return;
            }
            start(next++);
        }
    }

    private void resume() {
        stopped |= cancelled();
        startSome();
        release();
    }

    private void start(int index) {
        Future<JsonNode> result;
        try {
            branches[index] = fork(index);
            result = steps(index).run(branches[index]);
        } catch (RuntimeException thrown) {
            result = Future.failedFuture(thrown);
        }
        if (result.isComplete()) {
            close(index, result);
            return;
        }
        holds++;
        runningNow++;
        running.set(index);
        result.onComplete(done -> {
            running.clear(index);
            runningNow--;
            close(index, done);
            stopped |= cancelled();
            startSome();
            release();
        });
    }

    private void close(int index, AsyncResult<JsonNode> result) {
        if (branches[index] != null) {
            branches[index].scope().close();
        }
        ended(index, result);
    }

    /** Starts no more branches, and cancels those that run. */
    final void stop(String why) {
        if (stopped) {
            return;
        }
        stopped = true;
        holds++;
        Failure reason = Failure.of(Failure.Kind.CANCELLED, why);
        for (int index : running.stream().toArray()) {
            holds++;
            branches[index].scope().cancel(reason).onComplete(cleaned -> release());
        }
        if (runningNow > 0) {
            patience = frame.scope().shielded();
            patience.sleep(PATIENCE).onSuccess(over -> finish());
        }
        release();
    }

    private void release() {
        if (--holds == 0) {
            finish();
        }
    }

    private void finish() {
        Promise<JsonNode> waiting = promise;
        if (waiting == null || waiting.future().isComplete()) {
            return;
        }
        if (patience != null) {
            patience.cancel(Failure.of(Failure.Kind.CANCELLED, "no longer waited for"));
        }
        outcome().onComplete(waiting::handle);
    }
}
