package io.millrace.engine.stage;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.engine.item.Item;
import io.millrace.engine.item.Settling;
import io.millrace.engine.queue.Loop;
import io.millrace.flow.Stage.Batching;
import io.millrace.spi.Batch;
import io.millrace.spi.Failure;
import io.millrace.spi.Sink;
import io.millrace.spi.Variables;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Batches of one instance on their way into its stage's sink. At most {@value #WRITES} are being written while another is filled; then
 * the instance waits. A write that fails for a passing reason is repeated until it succeeds or the run is aborted.
 */
final class SinkLane implements Lane {
    private record Waiting(Item item, Runnable placed) {}

    private static final Logger LOG = LoggerFactory.getLogger("millrace.sink");
    /** The code of a failure that says that the reader of a pipe has gone. */
    private static final String CLOSED = "EPIPE";

    private static final int WRITES = 2;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private final String stage;
    private final Sink sink;
    private final Batching batching;
    private final Loop loop;
    private final Variables run;
    private final StageMetrics metrics;
    private final Settling settling;
    private final Refusal refusal;
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    private List<Item> filling = new ArrayList<>();
    private long bytes;
    private int writing;
    private Loop.@Nullable Timer linger;
    private boolean aborted;

    SinkLane(
            String stage,
            Sink sink,
            Batching batching,
            Loop loop,
            Variables run,
            StageMetrics metrics,
            Settling settling,
            Refusal refusal) {
        this.stage = stage;
        this.sink = sink;
        this.batching = batching;
        this.loop = loop;
        this.run = run;
        this.metrics = metrics;
        this.settling = settling;
        this.refusal = refusal;
    }

    @Override
    public boolean offer(Item item) {
        if (!waiting.isEmpty() || isFull()) {
            return false;
        }
        add(item);
        return true;
    }

    @Override
    public void await(Item item, Runnable placed) {
        waiting.add(new Waiting(item, placed));
    }

    private void add(Item item) {
        filling.add(item);
        if (batching.bytes() < Long.MAX_VALUE) {
            bytes += item.bytes();
        }
        if (isFull()) {
            flush();
        } else if (linger == null) {
            linger = loop.after(batching.linger(), this::lingered);
        }
    }

    boolean isIdle() {
        return filling.isEmpty() && writing == 0;
    }

    @Override
    public void hurry() {
        flush();
    }

    @Override
    public void abort() {
        aborted = true;
        flush();
    }

    private boolean isFull() {
        return filling.size() >= batching.items() || bytes >= batching.bytes();
    }

    private void lingered() {
        linger = null;
        flush();
    }

    private void flush() {
        if (filling.isEmpty() || writing >= WRITES) {
            return;
        }
        if (linger != null) {
            linger.cancel();
            linger = null;
        }
        Writing next = new Writing(filling);
        filling = new ArrayList<>(Math.min(batching.items(), 1024));
        bytes = 0;
        writing++;
        next.write(FIRST_PAUSE);
    }

    private void written() {
        writing--;
        if (isFull() || linger == null) {
            flush();
        }
        while (!waiting.isEmpty() && !isFull()) {
            Waiting next = waiting.remove();
            add(next.item());
            next.placed().run();
        }
        settling.flush();
        refusal.settled();
    }

    /** One batch being written. */
    private final class Writing implements Batch {
        private final List<Item> items;
        private @Nullable List<ObjectNode> documents;
        private @Nullable Failure @Nullable [] refused;
        private boolean paused;

        Writing(List<Item> items) {
            this.items = items;
        }

        void write(Duration pause) {
            refused = null;
            Future<Void> result;
            try {
                result = sink.write(this);
            } catch (RuntimeException thrown) {
                result = Future.failedFuture(thrown);
            }
            if (result.isComplete() && !result.failed()) {
                loop.execute(this::settle);
                return;
            }
            result.onComplete(done -> loop.execute(() -> {
                if (done.failed()) {
                    failed(Failure.from(done.cause()), pause);
                } else {
                    settle();
                }
            }));
        }

        private void failed(Failure failure, Duration pause) {
            if (failure.retryable() && !aborted) {
                if (!paused) {
                    LOG.warn("{}: the sink is away, trying again: {}", stage, failure.message());
                }
                paused = true;
                Duration next = pause.multipliedBy(2);
                loop.after(pause, () -> write(next.compareTo(LONGEST_PAUSE) < 0 ? next : LONGEST_PAUSE));
                return;
            }
            if (CLOSED.equals(failure.code())) {
                refusal.closed();
            }
            for (int i = 0; i < items.size(); i++) {
                reject(i, failure);
            }
            settle();
        }

        private void settle() {
            if (paused) {
                LOG.info("{}: the sink is back", stage);
            }
            int written = 0;
            for (int i = 0; i < items.size(); i++) {
                Failure failure = refused == null ? null : refused[i];
                if (failure != null) {
                    refusal.refused(items.get(i), failure);
                } else {
                    written++;
                    items.get(i).root().release(settling);
                }
            }
            metrics.out(written);
            written();
        }

        @Override
        public List<ObjectNode> documents() {
            if (documents == null) {
                documents = items.stream().map(Item::document).toList();
            }
            return documents;
        }

        @Override
        public Variables variables(int index) {
            return name -> name.equals("meta") ? items.get(index).meta(stage) : run.variable(name);
        }

        @Override
        public void reject(int index, Failure failure) {
            if (refused == null) {
                refused = new Failure[items.size()];
            }
            refused[index] = failure.at(stage + "/sink");
        }
    }
}
