package io.millrace.step.control;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.spi.Assembly;
import io.millrace.spi.Block;
import io.millrace.spi.Failure;
import io.millrace.spi.Field;
import io.millrace.spi.Frame;
import io.millrace.spi.Settings;
import io.millrace.spi.Spec;
import io.millrace.spi.Step;
import io.millrace.spi.StepType;
import io.millrace.spi.Template;
import io.millrace.spi.Types;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import java.time.Duration;

/** Runs steps once for all items that ask the same. */
final class CacheStep implements StepType {
    private static final Field<Template> KEY = Field.of(
                    "key", Types.template(), "What the value of the steps depends on.")
            .required()
            .example("${.town}");
    private static final Field<Duration> TTL =
            Field.of("ttl", Types.duration(), "How long a value is kept.").byDefault("10m");
    private static final Field<Integer> MAX = Field.of(
                    "max",
                    Types.integer(1, 10_000_000),
                    "How many values are kept; past it, the one that was not asked for the longest time is forgotten.")
            .byDefault(10_000);
    private static final Field<Block> DO = Field.of(
                    "do", Types.steps(Block.Filter.REFUSED), "The steps, on a copy of the document.")
            .required();
    private static final Spec SPEC = Spec.step(
                    "cache", "Runs steps once for each key, and keeps the value for a while.")
            .fields(KEY, TTL, MAX, DO)
            .holdsOthersUp()
            .returns("the value of the steps, of this item's run or of an earlier one")
            .note(
                    "Items that ask for the same key at the same time wait for the first one's value. A failure is not kept: it is that"
                            + " item's, and the next one that waits tries.")
            .note(
                    "Values are shared by all instances of the stage on this node, for as long as the run lasts. What the steps emit, only"
                            + " the item that ran them emits.")
            .example("""
                    {
                      "source": { "values": [{ "town": "Oslo" }, { "town": "Bergen" }, { "town": "Oslo" }] },
                      "steps": [
                        {
                          "cache": { "key": "${.town}", "ttl": "1h", "do": [{ "sleep": "10ms" }, { "map": ".town | length" }] },
                          "as": "length"
                        }
                      ]
                    }
                    """)
            .done();

    @Override
    public Spec spec() {
        return SPEC;
    }

    @Override
    public Step build(Settings settings, Assembly assembly) {
        Answers answers = assembly.shared(
                "cache " + settings.at().pointer(),
                Answers.class,
                () -> new Answers(settings.get(TTL), settings.get(MAX), System::nanoTime));
        return new Cached(answers, settings.get(KEY), assembly.compile(settings.get(DO)));
    }

    /** What a frame is bound to while it finds out. */
    private record Finding(Answers answers, JsonNode key) {}

    private record Cached(Answers answers, Template keys, Step steps) implements Step {
        @Override
        public Future<JsonNode> run(Frame frame) {
            JsonNode key = keys.eval(frame);
            if (frame.bound(new Finding(answers, key)) != null) {
                throw Failure.badData("the value for the key " + key
                        + " depends on itself: the steps of this cache ask for it again");
            }
            Future<Answers.Told> told = answers.ask(key, frame.scope());
            return told.isComplete()
                    ? follow(frame, key, told.result())
                    : told.compose(answer -> follow(frame, key, answer));
        }

        private Future<JsonNode> follow(Frame frame, JsonNode key, Answers.Told told) {
            JsonNode value = told.value();
            return value != null ? Future.succeededFuture(value) : findOut(frame, key);
        }

        private Future<JsonNode> findOut(Frame frame, JsonNode key) {
            Future<JsonNode> result;
            Frame inner;
            try {
                inner = frame.fork(frame.document());
                inner.bind(new Finding(answers, key), key);
                result = steps.run(inner);
            } catch (RuntimeException thrown) {
                answers.pass(key);
                return Future.failedFuture(thrown);
            }
            if (result.isComplete()) {
                ended(frame, inner, key, result);
                return result;
            }
            return result.onComplete(done -> ended(frame, inner, key, done));
        }

        private void ended(Frame frame, Frame inner, JsonNode key, AsyncResult<JsonNode> result) {
            if (result.succeeded()) {
                frame.join(inner);
                answers.found(key, result.result());
            } else {
                inner.scope().close();
                answers.pass(key);
            }
        }
    }
}
