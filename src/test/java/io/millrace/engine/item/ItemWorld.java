package io.millrace.engine.item;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.millrace.engine.queue.Loop;
import io.millrace.spi.Failure;
import io.millrace.spi.Step;
import io.millrace.testkit.TestJson;
import io.millrace.testkit.sim.SimWorld;
import io.millrace.testkit.sim.TestSteps;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** One stage instance's surroundings, in which steps run on one item at a time under a virtual clock. */
final class ItemWorld implements StageContext {
    final SimWorld world = new SimWorld(7);
    final Loop loop = world.loop();
    final List<String> pools = new ArrayList<>();
    final List<String> events = new ArrayList<>();
    final Whereabouts whereabouts = new Whereabouts();
    final Item item;

    ItemWorld(String document) {
        Root root = new Root(new Origin("main", Tally.NONE, () -> {}), 0);
        item = Item.record(root, TestJson.read(document), "value", 0);
    }

    /** Ends work that runs for ever. */
    final List<Runnable> working = new ArrayList<>();

    static final class Run {
        final ItemFrame frame;
        final Future<JsonNode> result;

        Run(ItemFrame frame, Future<JsonNode> result) {
            this.frame = frame;
            this.result = result;
        }

        boolean isOpen() {
            return !result.isComplete();
        }

        Failure failure() {
            return result.cause() instanceof Decided decided ? decided.failure() : (Failure) result.cause();
        }

        String document() {
            return frame.document().toString().replace('"', '\'');
        }

        String emitted() {
            return frame.emissions().stream()
                    .map(emission -> emission.stage() + emission.document())
                    .toList()
                    .toString()
                    .replace('"', '\'');
        }
    }

    /** Starts the steps. */
    Run start(TestSteps... steps) {
        return start(TestSteps.compiler("main").compile(TestSteps.list(steps)));
    }

    Run start(Step step) {
        ItemFrame frame = new ItemFrame(this, item);
        Run[] run = new Run[1];
        world.on(loop, () -> run[0] = new Run(frame, step.run(frame)));
        return run[0];
    }

    /** Runs the steps to their end. */
    Run run(TestSteps... steps) {
        Run run = start(steps);
        world.run();
        return run;
    }

    void passes(Duration time) {
        world.advance(time);
    }

    ItemScope scope() {
        return new ItemScope(this);
    }

    void note(String event) {
        events.add(event);
    }

    static Step gives(int value) {
        return frame -> Future.succeededFuture(IntNode.valueOf(value));
    }

    static Step fails(Failure failure) {
        return frame -> Future.failedFuture(failure);
    }

    /** A step that takes a while, and can be cancelled. */
    static Step takes(Duration time, Step then) {
        return frame -> frame.scope().sleep(time).compose(awake -> then.run(frame));
    }

    /** A step that takes for ever, and whose clean-up takes a while. */
    Step hangs(Duration cleanUp) {
        return frame -> {
            Promise<JsonNode> never = Promise.promise();
            frame.scope().onCancel(() -> {
                Promise<Void> clean = Promise.promise();
                loop.after(cleanUp, () -> {
                    note("cleaned");
                    clean.complete();
                    never.tryFail(Failure.of(Failure.Kind.CANCELLED, "cancelled"));
                });
                return clean.future();
            });
            return never.future();
        };
    }

    /** Sets a field. */
    static TestSteps set(String field, int value) {
        return TestSteps.action("set", frame -> {
            frame.put(field, IntNode.valueOf(value));
            return Sequence.NOTHING;
        });
    }

    static TestSteps emit(String stage) {
        return TestSteps.action("emit", frame -> {
            frame.emit(stage, frame.document());
            return Sequence.NOTHING;
        });
    }

    TestSteps noting(String event) {
        return TestSteps.value(event, frame -> {
            note(event);
            return Future.succeededFuture(TextNode.valueOf(event));
        });
    }

    @Override
    public String stage() {
        return "main";
    }

    @Override
    public Loop loop() {
        return loop;
    }

    @Override
    public Whereabouts whereabouts() {
        return whereabouts;
    }

    @Override
    public <T> BlockingCall<T> blocking(String pool, Callable<T> work) {
        pools.add(pool);
        Work<T> call = new Work<>();
        loop.execute(() -> call.run(work));
        return call;
    }

    /** Work on a thread of its own world: begun in a later turn, over when the work's future is. */
    private final class Work<T> implements BlockingCall<T> {
        private final Promise<T> done = Promise.promise();
        private boolean dropped;
        private boolean begun;

        void run(Callable<T> work) {
            begun = true;
            try {
                if (!dropped) {
                    endless(work.call());
                }
            } catch (Exception thrown) {
                done.tryFail(thrown);
            }
        }

        /** Work that gives the text {@code "for ever"} does not end until it is let go. */
        private void endless(T value) {
            if ("for ever".equals(value)) {
                working.add(() -> done.tryComplete(value));
            } else {
                done.tryComplete(value);
            }
        }

        @Override
        public Future<T> result() {
            return done.future();
        }

        @Override
        public boolean drop() {
            dropped = !begun;
            return dropped;
        }

        @Override
        public void interrupt() {
            note("interrupted");
        }

        @Override
        public void leave() {
            note("left behind");
        }
    }

    @Override
    public Future<Void> emitNow(Item from, String stage, ObjectNode document) {
        note("now " + stage);
        return Future.succeededFuture();
    }

    @Override
    public @Nullable JsonNode variable(String name) {
        return null;
    }
}
