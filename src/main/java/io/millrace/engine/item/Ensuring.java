package io.millrace.engine.item;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.engine.queue.Loop;
import io.millrace.spi.Failure;
import io.millrace.spi.Frame;
import io.millrace.spi.Step;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;

/** Runs steps after a step in any case, on its document, shielded from cancellation and bounded. */
record Ensuring(Step step, Step ensure) implements Step {
    /** How long {@code finally} may take. */
    static final Duration BOUND = Duration.ofSeconds(30);

    @Override
    public Future<JsonNode> run(Frame frame) {
        ItemFrame outer = (ItemFrame) frame;
        return step.run(outer)
                .transform(result -> finish(outer).transform(ensured -> {
                    if (result.failed()) {
                        return Future.failedFuture(both(result.cause(), ensured));
                    }
                    return ensured.failed()
                            ? Future.failedFuture(ensured.cause())
                            : Future.succeededFuture(result.result());
                }));
    }

    /** What had failed stays the failure; that its clean-up failed as well stands beside it. */
    private static Throwable both(Throwable failed, AsyncResult<JsonNode> ensured) {
        if (ensured.succeeded()) {
            return failed;
        }
        Failure second = Failure.from(ensured.cause());
        return failed instanceof Decided decided
                ? new Decided(decided.decision(), decided.failure().beside(second))
                : Failure.from(failed).beside(second);
    }

    private Future<JsonNode> finish(ItemFrame outer) {
        ItemScope shielded = outer.scope().shielded();
        ItemFrame last = outer.attempt(shielded);
        Promise<JsonNode> done = Promise.promise();
        Loop.Timer bound = outer.context().loop().after(BOUND, () -> {
            Failure late = Failure.of(Failure.Kind.TIMEOUT, "`finally` took longer than " + BOUND.toSeconds() + " s.");
            shielded.cancel(late).onComplete(ignored -> done.tryFail(late));
        });
        ensure.run(last).onComplete(result -> {
            bound.cancel();
            if (result.failed()) {
                done.tryFail(result.cause());
            } else {
                last.emissions().forEach(emission -> outer.emit(emission.stage(), emission.document()));
                done.tryComplete(result.result());
            }
        });
        return done.future();
    }
}
