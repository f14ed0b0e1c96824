package io.millrace.leak;

import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.NullNode;
import io.millrace.spi.Assembly;
import io.millrace.spi.Component;
import io.millrace.spi.Connector;
import io.millrace.spi.Field;
import io.millrace.spi.Records;
import io.millrace.spi.Settings;
import io.millrace.spi.Source;
import io.millrace.spi.SourceType;
import io.millrace.spi.Spec;
import io.millrace.spi.Step;
import io.millrace.spi.StepType;
import io.millrace.spi.Types;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** Sources that yield when the test says so, and a step that blocks until it says so. */
final class Taps implements Connector {
    private static final Field<String> NAME =
            Field.of("name", Types.string(), "Which one.").required();
    private final List<Tap> taps = new ArrayList<>();
    private volatile CountDownLatch blocked = new CountDownLatch(1);

    @Override
    public List<Component> components() {
        return List.of(new TapType(), new BlockType());
    }

    /** Lets each source of that name yield so many more records, numbered from 0; negative: so many, all -1. */
    synchronized void open(String name, int records) {
        taps.stream().filter(tap -> tap.name.equals(name)).forEach(tap -> tap.allow(records));
    }

    /** From now on what blocks does so. */
    void block() {
        blocked = new CountDownLatch(1);
    }

    /** Lets what blocks end. */
    void unblock() {
        blocked.countDown();
    }

    private final class TapType implements SourceType {
        @Override
        public Spec spec() {
            return Spec.source("tap", "Yields when told.").main(NAME).done();
        }

        @Override
        public Source build(Settings settings, Assembly assembly) {
            Tap tap = new Tap(settings.get(NAME));
            synchronized (Taps.this) {
                taps.add(tap);
            }
            return tap;
        }
    }

    private static final class Tap implements Source {
        private final String name;
        private int left;
        private int next;
        private boolean hanging;
        private boolean closed;
        private @Nullable Promise<Void> waiting;
        private @Nullable Context context;

        Tap(String name) {
            this.name = name;
        }

        synchronized void allow(int records) {
            hanging = records < 0;
            left = Math.abs(records);
            next = 0;
            wake();
        }

        private void wake() {
            Promise<Void> sleeper = waiting;
            Context on = context;
            waiting = null;
            if (sleeper != null && on != null) {
                on.runOnContext(ignored -> sleeper.complete());
            }
        }

        @Override
        public synchronized Future<Boolean> read(Records into) {
            if (closed) {
                return Future.succeededFuture(false);
            }
            while (left > 0 && !into.isFull()) {
                left--;
                into.add(IntNode.valueOf(hanging ? -1 : next++), next);
            }
            if (into.size() > 0) {
                return Future.succeededFuture(true);
            }
            context = Vertx.currentContext();
            waiting = Promise.promise();
            return waiting.future().compose(awake -> read(into));
        }

        @Override
        public synchronized Future<Void> close() {
            closed = true;
            wake();
            context = null; // it knows the run
            return Future.succeededFuture();
        }
    }

    private final class BlockType implements StepType {
        @Override
        public Spec spec() {
            return Spec.step("block", "Blocks.")
                    .fields()
                    .result(Spec.Result.NOTHING)
                    .done();
        }

        @Override
        public Step build(Settings settings, Assembly assembly) {
            return frame -> {
                try {
                    blocked.await();
                } catch (InterruptedException stopped) {
                    Thread.currentThread().interrupt();
                }
                return Future.succeededFuture(NullNode.instance);
            };
        }
    }
}
