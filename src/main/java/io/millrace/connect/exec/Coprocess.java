package io.millrace.connect.exec;

import io.millrace.spi.Failure;
import io.millrace.spi.Failure.Kind;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The place of one co-process: starts it when there is work, again when it has died, and knows which item its next line answers. On the event
 * loop of its stage instance.
 *
 * <p>Invariant: while there is a link, all calls in flight have been sent to it, and its answers come in their order. Calls that come
 * while there is none are sent when it is there.
 */
final class Coprocess {
    private static final Logger LOG = LoggerFactory.getLogger(Coprocess.class);

    /** After so many deaths without an answer between them, items fail at once instead of waiting for the next start. */
    private static final int HOPELESS = 5;

    private final Vertx vertx;
    private final Context context;
    private final CoprocessSettings settings;
    private final Runnable roomAgain;
    private final Deque<Call> inFlight = new ArrayDeque<>();
    private final Set<Future<?>> open = new HashSet<>();
    private @Nullable Link link;
    private @Nullable Failure lastDeath;
    private boolean starting;
    private boolean waiting;
    private boolean watching;
    private boolean closed;
    private int deaths;
    private int cancelled;
    private long lastLine;

    Coprocess(Vertx vertx, Context context, CoprocessSettings settings, Runnable roomAgain) {
        this.vertx = vertx;
        this.context = context;
        this.settings = settings;
        this.roomAgain = roomAgain;
    }

    int load() {
        return inFlight.size();
    }

    void send(Call call) {
        Failure hopeless = waiting && deaths >= HOPELESS ? lastDeath : null;
        if (hopeless != null) {
            call.fail(hopeless);
            return;
        }
        call.owner(this);
        inFlight.add(call);
        Link live = link;
        if (live != null) {
            live.send(call.line);
        } else {
            start();
        }
    }

    /** Nobody waits for the call any more; its answer will be dropped. */
    void cancel(Call call) {
        if (link == null) {
            inFlight.remove(call);
        } else {
            cancelled++;
            watch();
        }
    }

    private void start() {
        if (starting) {
            return;
        }
        starting = true;
        if (deaths == 0) {
            startNow();
            return;
        }
        waiting = true;
        vertx.setTimer(Restart.delay(deaths), timer -> startNow());
    }

    private void startNow() {
        waiting = false;
        if (closed || inFlight.isEmpty()) {
            starting = false;
            return;
        }
        CompletableFuture<Link> launched = CompletableFuture.supplyAsync(
                () -> settings.start((from, answers) -> context.runOnContext(go -> take(from, answers))),
                ProcessThreads.POOL);
        Future<?> end = Future.fromCompletionStage(launched, context)
                .onFailure(thrown -> notStarted(Failure.from(Execution.unwrapped(thrown))))
                .compose(this::started);
        open.add(end);
        end.onComplete(over -> open.remove(end));
    }

    /** Completes when it has ended. */
    private Future<?> started(Link live) {
        starting = false;
        link = live;
        lastLine = System.nanoTime();
        live.begin();
        inFlight.forEach(call -> live.send(call.line));
        if (closed) {
            live.closeInput();
        }
        CompletableFuture<Integer> end = CompletableFuture.anyOf(
                        live.outEnd(), live.companion().ended())
                .thenCompose(silent -> live.companion().leave());
        return Future.fromCompletionStage(end, context).onComplete(exit -> ended(live, exit.result()));
    }

    private void notStarted(Failure failure) {
        starting = false;
        died(failure);
    }

    private void ended(Link old, @Nullable Integer exit) {
        if (old == link) {
            String said = old.companion().lastWords();
            died(Exits.died(settings.name(), exit == null ? -1 : exit, said));
        }
    }

    /** All in flight fail; it is started again when there is work. */
    private void died(Failure failure) {
        link = null;
        deaths++;
        lastDeath = failure;
        cancelled = 0;
        List<Call> lost = List.copyOf(inFlight);
        inFlight.clear();
        lost.forEach(call -> call.fail(failure));
        roomAgain.run();
    }

    private void take(Link live, List<Answer> answers) {
        live.taken();
        for (Answer answer : answers) {
            if (live != link || closed) {
                return;
            }
            take(live, answer);
        }
        lastLine = System.nanoTime();
        roomAgain.run();
    }

    private void take(Link live, Answer answer) {
        Call call = inFlight.poll();
        if (call == null) {
            abandon(live, "printed a line that answers nothing" + shown(answer));
            return;
        }
        if (call.isOver()) {
            cancelled--;
        }
        if (answer instanceof Answer.Value good) {
            deaths = 0;
            call.succeed(good.value());
        } else if (answer instanceof Answer.Failed bad) {
            deaths = 0;
            call.fail(bad.failure());
        } else if (answer instanceof Answer.Garbage garbage) {
            call.fail(garbage.failure(settings.name()));
            abandon(live, "printed a line that is no JSON" + shown(answer));
        }
    }

    private static String shown(Answer answer) {
        return answer instanceof Answer.Garbage garbage ? ": " + garbage.excerpt() : "";
    }

    /** Ends the process, because its answers can be told apart no more. */
    private void abandon(Link live, String why) {
        LOG.warn("{} {}; it is ended and started again", settings.place(), why);
        live.companion().stop();
        died(Failure.of(
                Kind.UNREACHABLE, "\"" + settings.name() + "\" was ended before it answered, because it " + why));
    }

    /** Ends a process that says nothing while the item whose turn it is has been cancelled. */
    private void watch() {
        if (watching) {
            return;
        }
        watching = true;
        vertx.setTimer(Math.max(1, settings.grace().toMillis()), timer -> {
            watching = false;
            Link live = link;
            Call head = inFlight.peek();
            if (live == null || cancelled == 0 || head == null) {
                return;
            }
            if (head.isOver()
                    && System.nanoTime() - lastLine >= settings.grace().toNanos()) {
                abandon(live, "had said nothing for " + settings.grace().toMillis() + " ms over a cancelled item");
            } else {
                watch();
            }
        });
    }

    /** Lets it end by closing its input; ends it where it does not. */
    Future<Void> close() {
        closed = true;
        Link live = link;
        if (live != null) {
            live.closeInput();
            live.companion().leave();
        }
        Failure over = Failure.of(Kind.CANCELLED, "the run has ended");
        List.copyOf(inFlight).forEach(call -> call.fail(over));
        return Future.join(List.copyOf(open)).<Void>mapEmpty().otherwiseEmpty();
    }
}
