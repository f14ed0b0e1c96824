package io.millrace.connect.tcp;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.spi.Assembly;
import io.millrace.spi.Failure;
import io.millrace.spi.Records;
import io.millrace.spi.Settings;
import io.millrace.spi.Source;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetSocket;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The frames that clients send. On the event loop of its server; {@link #read} is called on that of the source. */
final class TcpServerSource implements Source {
    /** Frames that wait for the stage; with more of them no client is read any further. */
    private static final int HIGH = 2048;

    private static final int LOW = HIGH / 2;

    private static final long FASTEST_TICK = 10;
    private static final long SLOWEST_TICK = 1000;

    private record Entry(
            JsonNode value,
            long position,
            @Nullable Slot slot,
            @Nullable Failure failure) {
        void moveTo(Records into) {
            if (failure != null) {
                into.bad(value, position, failure);
            } else if (slot != null) {
                into.add(value, position, slot);
            }
        }
    }

    private record Reading(Records into, Promise<Boolean> promise, Context back) {}

    private final Vertx vertx;
    private final Assembly assembly;
    private final Speech speech;
    private final long count;
    private final boolean counted;
    private final TcpServer server;
    private final boolean own;
    private final Deque<Entry> queue = new ArrayDeque<>();
    private final Set<Conversation> open = new LinkedHashSet<>();
    private @Nullable Reading reading;
    private @Nullable Promise<Void> drained;
    private long frames;
    private long ticker = -1;
    private boolean full;
    private boolean closed;

    TcpServerSource(Settings settings, Assembly assembly) {
        this.vertx = assembly.vertx();
        this.assembly = assembly;
        this.speech = Speech.of(settings);
        this.counted = settings.has(ServerFields.COUNT);
        this.count = settings.find(ServerFields.COUNT).orElse(Long.MAX_VALUE);
        Optional<String> named = settings.find(ServerFields.SERVER);
        this.own = named.isEmpty();
        this.server = own ? new TcpServer(settings, assembly) : assembly.resource(named, "tcp-server", TcpServer.class);
    }

    @Override
    public boolean endless() {
        return !counted;
    }

    @Override
    public long expected() {
        return counted ? count : -1;
    }

    @Override
    public Future<Void> open() {
        Future<?> ready = own ? server.open() : Future.succeededFuture();
        return ready.map(listening -> {
            server.take(this::accept);
            ticker = vertx.setPeriodic(tickMs(), id -> onLoop(this::tick));
            return null;
        });
    }

    private long tickMs() {
        long quarter = TimeUnit.NANOSECONDS.toMillis(Math.min(speech.idle(), speech.replyTimeout())) / 4;
        return Math.max(FASTEST_TICK, Math.min(SLOWEST_TICK, quarter));
    }

    private void accept(NetSocket socket) {
        Conversation conversation = new Conversation(vertx, server.context(), socket, speech, this);
        open.add(conversation);
        if (full) {
            conversation.crowded(true);
        }
        if (closed || frames >= count) {
            conversation.end();
        }
    }

    void left(Conversation conversation) {
        server.left();
        open.remove(conversation);
        Promise<Void> last = drained;
        if (open.isEmpty() && last != null) {
            last.tryComplete();
        }
    }

    void add(JsonNode value, Slot slot) {
        enqueue(value, slot, null);
    }

    void addBad(JsonNode value, Failure failure) {
        enqueue(value, null, failure);
    }

    /** What comes after the last that was wanted is let go. */
    private void enqueue(JsonNode value, @Nullable Slot slot, @Nullable Failure failure) {
        if (frames < count && !closed) {
            queue.add(new Entry(value, ++frames, slot, failure));
            crowd();
        } else if (slot != null) {
            slot.settled();
        }
    }

    private void crowd() {
        boolean now = full ? queue.size() > LOW : queue.size() >= HIGH;
        if (now != full) {
            full = now;
            List.copyOf(open).forEach(conversation -> conversation.crowded(now));
        }
    }

    @Override
    public Future<Boolean> read(Records into) {
        Promise<Boolean> promise = Promise.promise();
        Context back = vertx.getOrCreateContext();
        onLoop(() -> {
            reading = new Reading(into, promise, back);
            serve();
        });
        return promise.future();
    }

    /** Gives what there is to the one who reads. */
    void serve() {
        Reading now = reading;
        if (now == null || (queue.isEmpty() && !closed && frames < count)) {
            return;
        }
        reading = null;
        while (!now.into().isFull() && !queue.isEmpty()) {
            queue.remove().moveTo(now.into());
        }
        crowd();
        boolean more = !closed && (frames < count || !queue.isEmpty());
        if (now.back() == server.context()) {
            now.promise().complete(more);
        } else {
            now.back().runOnContext(go -> now.promise().complete(more));
        }
    }

    String shown(Failure failure) {
        return assembly.redact(failure.message());
    }

    private void tick() {
        long now = System.nanoTime();
        List.copyOf(open).forEach(conversation -> conversation.tick(now));
    }

    /** Takes nothing more. What is under way is answered before its connection is closed. */
    @Override
    public Future<Void> close() {
        Promise<Void> done = Promise.promise();
        onLoop(() -> {
            closed = true;
            server.refuse();
            queue.forEach(TcpServerSource::drop);
            queue.clear();
            serve();
            drained = done;
            List.copyOf(open).forEach(Conversation::end);
            if (open.isEmpty()) {
                done.tryComplete();
            }
        });
        return done.future().eventually(() -> {
            vertx.cancelTimer(ticker);
            return own ? server.close() : Future.succeededFuture();
        });
    }

    private static void drop(Entry entry) {
        Slot slot = entry.slot();
        if (slot != null) {
            slot.failed(Failure.of(Failure.Kind.CANCELLED, "the server is stopping"));
        }
    }

    private void onLoop(Runnable task) {
        Context loop = server.context();
        if (Vertx.currentContext() == loop) {
            task.run();
        } else {
            loop.runOnContext(go -> task.run());
        }
    }
}
