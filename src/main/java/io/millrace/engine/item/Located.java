package io.millrace.engine.item;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.spi.Failure;
import io.millrace.spi.Frame;
import io.millrace.spi.Step;
import io.vertx.core.Future;

/** Makes what a step throws a failed future, tells its failures where they happened, and whoever looks on where the loop is. */
record Located(Step step, String place) implements Step {
    @Override
    public Future<JsonNode> run(Frame frame) {
        Future<JsonNode> result = start(frame);
        return result.isComplete() && !result.failed() ? result : result.recover(this::failed);
    }

    /** Runs the step; its failure is yet to be {@link #failed told} where it happened. */
    Future<JsonNode> start(Frame frame) {
        Whereabouts here = ((ItemFrame) frame).context().whereabouts();
        String around = here.enter(place);
        try {
            return step.run(frame);
        } catch (StackOverflowError deep) {
            return Future.failedFuture(Failure.of(Failure.Kind.LIMIT, "The step recurses too deep.", deep));
        } catch (OutOfMemoryError full) {
            throw full;
        } catch (Throwable thrown) {
            // Errors too: one that escaped would leave its item without an end.
            return Future.failedFuture(thrown);
        } finally {
            here.leave(around);
        }
    }

    Future<JsonNode> failed(Throwable thrown) {
        return Future.failedFuture(
                thrown instanceof Decided ? thrown : Failure.from(thrown).at(place));
    }
}
