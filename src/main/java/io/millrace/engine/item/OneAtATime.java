package io.millrace.engine.item;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.spi.Frame;
import io.millrace.spi.Scope;
import io.millrace.spi.Step;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Runs a step in a worker pool, never two calls at a time. Those that wait do so on the loop, and hold no thread. A call that could not be
 * stopped keeps its turn until it ends, though its item has gone on.
 */
final class OneAtATime implements Step {
    private final Step step;
    private final String pool;
    private final Set<Turn> waiting = new LinkedHashSet<>();
    private boolean taken;

    OneAtATime(Step step, String pool) {
        this.step = step;
        this.pool = pool;
    }

    @Override
    public Future<JsonNode> run(Frame frame) {
        Turn turn = new Turn(frame);
        if (!taken) {
            turn.begin();
        } else {
            turn.queue();
        }
        return turn.done.future();
    }

    private void next() {
        taken = false;
        if (!waiting.isEmpty()) {
            Turn turn = waiting.iterator().next();
            waiting.remove(turn);
            turn.begin();
        }
    }

    /** One call. Its own state changes on the loop, but for what the worker notes. */
    private final class Turn {
        private final Frame frame;
        private final Promise<JsonNode> done = Promise.promise();
        private Scope.Handle handle = () -> {};
        private boolean passed;
        private volatile boolean begun;
        private volatile boolean over;
        private volatile boolean left;

        Turn(Frame frame) {
            this.frame = frame;
        }

        void queue() {
            waiting.add(this);
            ItemScope scope = (ItemScope) frame.scope();
            handle = scope.onCancel(() -> {
                if (waiting.remove(this)) {
                    done.tryFail(scope.cancellation());
                }
                return Future.succeededFuture();
            });
        }

        void begin() {
            taken = true;
            handle.dispose();
            frame.scope().blocking(pool, this::work).onComplete(result -> {
                settle();
                if (result.failed()) {
                    done.tryFail(result.cause());
                } else {
                    result.result().onComplete(done);
                }
            });
        }

        private Future<JsonNode> work() {
            begun = true;
            try {
                return step.run(frame);
            } finally {
                over = true;
                if (left) {
                    frame.scope().execute(this::pass);
                }
            }
        }

        private void settle() {
            left = true;
            if (!begun || over) {
                pass();
            }
        }

        private void pass() {
            if (!passed) {
                passed = true;
                next();
            }
        }
    }
}
