package io.millrace.engine.durable;

import io.millrace.engine.item.Origin;
import io.millrace.engine.queue.Loop;
import io.millrace.ledger.LedgerRun;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Looks after the queues of a run in the store: wakes those that have rows, and ends those to which nothing can come any more: all sources from which
 * items reach them are done, wherever they run, nothing that was claimed for a queue on the way is under way here, and the store holds no row of them, claimed by anybody. As children
 * are enqueued when their parent's row goes, one look at the store suffices. Confined to the committer's loop, but for {@link #add}.
 */
final class QueueWatch {
    private static final Duration EVERY = Duration.ofSeconds(1);
    private static final Duration SOON = Duration.ofMillis(20);

    /** The stages that are upstream of a stage, itself among them. */
    interface Upstream {
        Set<String> of(String stage);
    }

    private record Fed(QueueSource source, Runnable end) {}

    private final Books books;
    private final LedgerRun run;
    private final Loop loop;
    private final Upstream upstream;
    private final Map<String, Origin> sources;
    private final Runnable nudge;
    private final List<Fed> queues = new ArrayList<>();
    private final Set<String> ended = new HashSet<>();
    private final Set<String> supplied = ConcurrentHashMap.newKeySet();
    private final Upstream feeders;
    private volatile Map<String, Long> stored = Map.of();
    private Loop.@Nullable Timer timer;
    private boolean asking;
    private boolean over;

    /**
     * @param feeders those of them from whose units others are fed that hold groups; of other stages none
     * @param sources the origins of the flow's sources, by stage
     * @param nudge run after each look
     */
    QueueWatch(
            Books books, Loop loop, Upstream upstream, Upstream feeders, Map<String, Origin> sources, Runnable nudge) {
        this.books = books;
        this.run = books.run();
        this.loop = loop;
        this.upstream = upstream;
        this.feeders = feeders;
        this.sources = sources;
        this.nudge = nudge;
    }

    /** @param end ends the queue's origin */
    void add(QueueSource source, Runnable end) {
        loop.execute(() -> {
            queues.add(new Fed(source, end));
            soon();
        });
    }

    /** Rows were enqueued for these stages. */
    void fed(Collection<String> stages) {
        for (Fed queue : queues) {
            if (stages.contains(queue.source.stage())) {
                queue.source.poke();
            }
        }
    }

    /** Roots have ended: look soon if that may have been all. */
    void settled() {
        if (!asking && queues.stream().anyMatch(this::mayEnd)) {
            soon();
        }
    }

    /** Looks no more. */
    void stop() {
        over = true;
        cancel();
    }

    private void soon() {
        after(SOON);
    }

    private void after(Duration time) {
        if (!over) {
            cancel();
            timer = loop.after(time, this::look);
        }
    }

    private void cancel() {
        Loop.Timer set = timer;
        if (set != null) {
            set.cancel();
            timer = null;
        }
    }

    private void look() {
        timer = null;
        if (asking || over) {
            return;
        }
        asking = true;
        askForGroups();
        List<Fed> candidates = queues.stream().filter(this::mayEnd).toList();
        run.backlog()
                .onComplete(done -> loop.execute(() -> {
                    asking = false;
                    if (over) {
                        return;
                    }
                    if (done.succeeded()) {
                        stored = done.result();
                        saw(stored.keySet(), candidates);
                    } else {
                        books.failed(Objects.requireNonNull(done.cause()));
                    }
                    nudge.run();
                    after(EVERY);
                }));
    }

    /** Whether nothing comes to the queue any more from where it is fed, in whatever process. Any thread. */
    boolean isSupplied(String stage) {
        return supplied.contains(stage);
    }

    /** See {@link Durability#stored}. */
    long stored(String stage) {
        return stored.getOrDefault(stage, 0L);
    }

    private void askForGroups() {
        for (Fed queue : queues) {
            String stage = queue.source.stage();
            Set<String> before = feeders.of(stage);
            if (!before.isEmpty() && !supplied.contains(stage) && areDone(before)) {
                run.isDone(Set.of(), before)
                        .onSuccess(done -> loop.execute(() -> {
                            if (done) {
                                queue.source.poke(); // what came last may not have been seen
                                supplied.add(stage);
                                nudge.run();
                            }
                        }));
            }
        }
    }

    private void saw(Set<String> backlog, List<Fed> candidates) {
        fed(backlog);
        for (Fed queue : candidates) {
            Set<String> before = stillOpen(queue.source.stage());
            if (before.stream().noneMatch(backlog::contains) && mayEnd(queue)) {
                ask(queue, before);
            }
        }
    }

    /** Nothing is to be done here for the queues of these stages. */
    void over(Collection<String> stages) {
        loop.execute(() -> ended.addAll(stages));
    }

    /** Those upstream whose queues have not ended here: what is replayed into the others waits for the next process that opens the run. */
    private Set<String> stillOpen(String stage) {
        Set<String> before = new HashSet<>(upstream.of(stage));
        before.removeAll(ended);
        return before;
    }

    private void ask(Fed queue, Set<String> before) {
        run.isDone(Set.of(), before)
                .onComplete(done -> loop.execute(() -> {
                    if (done.failed()) {
                        books.failed(Objects.requireNonNull(done.cause()));
                    } else if (done.result() && mayEnd(queue)) {
                        ended.add(queue.source.stage());
                        queue.end.run();
                    }
                }));
    }

    /** Whether nothing that is here can send it anything. */
    private boolean mayEnd(Fed queue) {
        return !ended.contains(queue.source.stage()) && isQuiet(queue.source.stage());
    }

    private boolean isQuiet(String stage) {
        Set<String> before = upstream.of(stage);
        return areDone(before)
                && queues.stream()
                        .filter(queue -> before.contains(queue.source.stage()))
                        .allMatch(queue -> queue.source.origin().isIdle());
    }

    private boolean areDone(Set<String> stages) {
        return sources.entrySet().stream()
                .filter(source -> stages.contains(source.getKey()))
                .allMatch(source -> source.getValue().done());
    }
}
