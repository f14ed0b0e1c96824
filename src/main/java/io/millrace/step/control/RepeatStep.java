package io.millrace.step.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import io.millrace.spi.Assembly;
import io.millrace.spi.Block;
import io.millrace.spi.Check;
import io.millrace.spi.Failure;
import io.millrace.spi.Field;
import io.millrace.spi.Frame;
import io.millrace.spi.Jq;
import io.millrace.spi.Settings;
import io.millrace.spi.Spec;
import io.millrace.spi.Step;
import io.millrace.spi.StepType;
import io.millrace.spi.Types;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Runs steps again and again. */
final class RepeatStep implements StepType {
    private static final Field<Jq> WHILE = Field.of("while", Types.jq(), "jq, asked before each round; false ends.")
            .example(".next != null");
    private static final Field<Jq> UNTIL = Field.of("until", Types.jq(), "jq, asked after each round; true ends.")
            .example(".job.state == 'done'");
    private static final Field<Block> DO =
            Field.of("do", Types.steps(Block.Filter.AS_AROUND), "The steps.").required();
    private static final Field<Integer> MAX = Field.of(
                    "max",
                    Types.integer(1, Integer.MAX_VALUE),
                    "How many rounds at the most; one more is a LIMIT failure.")
            .byDefault(1000);
    private static final Spec SPEC = Spec.step("repeat", "Runs steps as long as, or until, something holds.")
            .fields(WHILE, UNTIL, DO, MAX)
            .result(Spec.Result.BLOCK)
            .exclusive(WHILE, UNTIL)
            .rule(RepeatStep::ends)
            .returns("the value of the last step of the last round; null if there was none")
            .note("They run on the document as it is: what a round stores, the next one sees.")
            .example("""
                    {
                      "source": { "values": [{ "n": 27 }] },
                      "steps": [
                        { "set": { "rounds": 0 } },
                        {
                          "repeat": {
                            "until": ".n == 1",
                            "do": [{ "set": { "n": "${if .n % 2 == 0 then .n / 2 else 3 * .n + 1 end}", "rounds": "${.rounds + 1}" } }]
                          }
                        }
                      ]
                    }
                    """)
            .done();

    private static void ends(Settings settings, Check check) {
        if (!settings.has(WHILE) && !settings.has(UNTIL)) {
            check.error(
                    settings.at(),
                    "Nothing ends this repetition.",
                    "Add \"while\", asked before each round, or \"until\", asked after it.");
        }
    }

    @Override
    public Spec spec() {
        return SPEC;
    }

    @Override
    public Step build(Settings settings, Assembly assembly) {
        Loop loop = new Loop(
                settings.find(WHILE), settings.find(UNTIL), assembly.compile(settings.get(DO)), settings.get(MAX));
        return frame -> new Rounds(loop, frame).run();
    }

    private record Loop(Optional<Jq> before, Optional<Jq> after, Step steps, int max) {}

    /** The rounds of one item; those that are done at once are run in a loop, with a turn for others now and then. */
    private static final class Rounds {
        private static final int BURST = 1024;

        private final Loop loop;
        private final Frame frame;
        private JsonNode last = NullNode.instance;
        private int rounds;
        private @Nullable Promise<JsonNode> promise;

        Rounds(Loop loop, Frame frame) {
            this.loop = loop;
            this.frame = frame;
        }

        Future<JsonNode> run() {
            Future<JsonNode> result = rounds();
            if (result != null) {
                return result;
            }
            promise = Promise.promise();
            return promise.future();
        }

        /** Null where it goes on in another turn. */
        private @Nullable Future<JsonNode> rounds() {
            for (int burst = 0; burst < BURST; burst++) {
                if (frame.scope().cancelled()) {
                    return Future.failedFuture(Failure.of(Failure.Kind.CANCELLED, "cancelled between two rounds"));
                }
                if (loop.before().isPresent() && !loop.before().get().test(frame)) {
                    return Future.succeededFuture(last);
                }
                if (rounds++ == loop.max()) {
                    return Future.failedFuture(tooMany());
                }
                Future<JsonNode> round = loop.steps().run(frame);
                if (!round.isComplete()) {
                    round.onComplete(this::later);
                    return null;
                }
                if (round.failed() || isLast(round)) {
                    return round;
                }
            }
            frame.scope().execute(this::goOn);
            return null;
        }

        private boolean isLast(AsyncResult<JsonNode> round) {
            last = round.result();
            return frame.ended()
                    || (loop.after().isPresent() && loop.after().get().test(frame));
        }

        private void later(AsyncResult<JsonNode> round) {
            try {
                if (round.failed()) {
                    tell(Future.failedFuture(round.cause()));
                } else if (isLast(round)) {
                    tell(Future.succeededFuture(last));
                } else {
                    goOn();
                }
            } catch (RuntimeException thrown) {
                tell(Future.failedFuture(thrown));
            }
        }

        private void goOn() {
            try {
                Future<JsonNode> result = rounds();
                if (result != null) {
                    tell(result);
                }
            } catch (RuntimeException thrown) {
                tell(Future.failedFuture(thrown));
            }
        }

        private void tell(Future<JsonNode> result) {
            if (promise != null) {
                promise.handle(result);
            }
        }

        private Failure tooMany() {
            return Failure.of(
                    Failure.Kind.LIMIT,
                    "after " + loop.max() + " rounds there is no end: "
                            + loop.before()
                                    .map(jq -> "`" + jq.source() + "` still holds")
                                    .or(() -> loop.after().map(jq -> "`" + jq.source() + "` does not hold"))
                                    .orElse("")
                            + ". If so many are right, raise \"max\".");
        }
    }
}
