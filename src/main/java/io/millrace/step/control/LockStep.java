package io.millrace.step.control;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.spi.Assembly;
import io.millrace.spi.Block;
import io.millrace.spi.Dynamic;
import io.millrace.spi.Failure;
import io.millrace.spi.Field;
import io.millrace.spi.Frame;
import io.millrace.spi.RunLocks;
import io.millrace.spi.Scope;
import io.millrace.spi.Settings;
import io.millrace.spi.Spec;
import io.millrace.spi.Step;
import io.millrace.spi.StepType;
import io.millrace.spi.Types;
import io.vertx.core.Future;
import java.util.Optional;

/** Runs steps that not all items may run at the same time. */
final class LockStep implements StepType {
    private static final Runnable NOTHING = () -> {};

    private static final Field<Dynamic<String>> NAME = Field.of(
                    "name", Types.dynamic(Types.string()), "Which lock; it may differ for each item.")
            .required()
            .example("account ${.account}");
    private static final Field<Integer> PERMITS = Field.of(
                    "permits", Types.integer(1, 1_000_000), "How many items may be inside at the same time.")
            .byDefault(1);
    private static final Field<Block> DO = Field.of("do", Types.steps(Block.Filter.REFUSED), "The steps inside.")
            .required();
    private static final Spec SPEC = Spec.step(
                    "lock", "Lets a bounded number of items into its steps at the same time.")
            .fields(NAME, PERMITS, DO)
            .holdsOthersUp()
            .result(Spec.Result.BLOCK)
            .returns("the value of the last step")
            .note(
                    "Who comes first is let in first. A lock holds for all stages and instances of the run, wherever its name"
                            + " is used; it is given back whatever happens inside.")
            .note(
                    "Where several processes share a run it holds for all of them: the store is asked each time. Those of a process that"
                            + " died are free after 35 s at the most; what it had begun outside may still be under way then.")
            .note("An item that asks for a lock which it holds already fails, since it would wait for itself.")
            .example("""
                    {
                      "source": { "range": 6 },
                      "concurrency": 6,
                      "steps": [
                        { "lock": { "name": "shelf ${.value % 2}", "do": [{ "sleep": "5ms" }, { "set": { "done": true } }] } }
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
        return new Locked(
                assembly.shared(Locks.KEY, Locks.class, Locks::new),
                assembly.runLocks(),
                settings.get(NAME),
                settings.get(PERMITS),
                assembly.compile(settings.get(DO)));
    }

    /** What a frame is bound to while it holds a lock. */
    private record Held(Locks locks, String name) {}

    /** @param wide locks of all processes, of which one is taken after that of this process */
    private record Locked(Locks locks, Optional<RunLocks> wide, Dynamic<String> names, int permits, Step steps)
            implements Step {
        @Override
        public Future<JsonNode> run(Frame frame) {
            String name = names.get(frame);
            if (frame.bound(new Held(locks, name)) != null) {
                throw Failure.badData("the item holds the lock \"" + name
                        + "\" already, and would wait for itself. Take it once, around both.");
            }
            Future<Boolean> mine = locks.acquire(name, permits, frame.scope());
            if (wide.isPresent()) {
                return mine.compose(held -> everywhere(frame, name, wide.get().want(name, permits)));
            }
            return mine.isComplete()
                    ? inside(frame, name, NOTHING)
                    : mine.compose(held -> inside(frame, name, NOTHING));
        }

        private Future<JsonNode> everywhere(Frame frame, String name, RunLocks.Permit permit) {
            Waiter<Boolean> waiter = new Waiter<>(frame.scope(), "the lock \"" + name + "\"", () -> {
                permit.release();
                locks.release(name);
            });
            permit.held().onSuccess(held -> waiter.give(true, permit::release)); // if it fails, the run does
            return waiter.future().compose(held -> inside(frame, name, permit::release));
        }

        /** @param also what is to be given back before the lock of this process */
        private Future<JsonNode> inside(Frame frame, String name, Runnable also) {
            Scope.Handle binding = frame.bind(new Held(locks, name), name);
            Future<JsonNode> result = attempt(frame);
            if (result.isComplete()) {
                leave(binding, name, also);
                return result;
            }
            return result.onComplete(done -> leave(binding, name, also));
        }

        private Future<JsonNode> attempt(Frame frame) {
            try {
                return steps.run(frame);
            } catch (RuntimeException thrown) {
                return Future.failedFuture(thrown);
            }
        }

        private void leave(Scope.Handle binding, String name, Runnable also) {
            binding.dispose();
            also.run();
            locks.release(name);
        }
    }
}
