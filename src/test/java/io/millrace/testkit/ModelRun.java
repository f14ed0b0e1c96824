package io.millrace.testkit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.ledger.Commit;
import io.millrace.ledger.DeadLetter;
import io.millrace.ledger.Ending;
import io.millrace.ledger.FileMark;
import io.millrace.ledger.KeptLetter;
import io.millrace.ledger.Member;
import io.millrace.ledger.Progress;
import io.millrace.ledger.RunRequest;
import io.millrace.ledger.RunState;
import io.millrace.ledger.RunSummary;
import io.millrace.ledger.RunWork;
import io.millrace.ledger.Saved;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A row of the table of runs, with all that hangs on it. */
final class ModelRun {
    private final ModelStore store;
    private final RunRequest request;
    private final long number;
    private final Map<String, Progress> progress = new TreeMap<>();
    private final Map<String, FileMark> files = new TreeMap<>();
    private final Map<Long, Map<String, Long>> counts = new HashMap<>();
    private final Map<Long, ModelHeld> live = new LinkedHashMap<>();
    private ObjectNode shape;
    private RunState state = RunState.UNFINISHED;
    private int exit;
    private @Nullable Instant ended;
    private int starts;
    private @Nullable ObjectNode trial;
    final ModelQueue queue;
    final ModelLeases leases;

    ModelRun(ModelStore store, RunRequest request, long number) {
        this.store = store;
        this.request = request;
        this.number = number;
        this.shape = request.shape();
        this.queue = new ModelQueue(store, request.flow());
        this.leases = new ModelLeases(store);
    }

    long id() {
        return number;
    }

    boolean isOf(RunRequest other) {
        return request.flow().equals(other.flow()) && request.params().equals(other.params());
    }

    RunState state() {
        return state;
    }

    boolean isShared() {
        return request.shared();
    }

    List<ModelHeld> live() {
        return List.copyOf(live.values());
    }

    long claim(ModelHeld by) {
        long inc = store.nextId();
        live.put(inc, by);
        return inc;
    }

    long move(long from) {
        long inc = store.nextId();
        ModelHeld held = live.remove(from);
        if (held != null) {
            live.put(inc, held);
        }
        Map<String, Long> moved = counts.remove(from);
        if (moved != null) {
            counts.put(inc, moved);
        }
        return inc;
    }

    boolean isHeldBy(long inc) {
        return live.containsKey(inc);
    }

    /** A living process looks for dead ones. */
    void sweep(@Nullable ModelLedger by) {
        for (ModelHeld held : live()) {
            if (held.ledger() != by && held.ledger().isDead()) {
                leave(held, true);
                starts += held.hasCommitted() ? 0 : 1;
            }
        }
    }

    private void leave(ModelHeld held, boolean died) {
        live.values().remove(held);
        queue.release(held, died);
        leases.release(held);
    }

    /** Time has passed. */
    void turn() {
        live.values().stream()
                .filter(held -> !held.ledger().isDead())
                .findFirst()
                .ifPresent(held -> sweep(held.ledger()));
    }

    boolean hasLetters(List<Long> ids) {
        List<Long> kept = store.letters(number).stream().map(KeptLetter::id).toList();
        return new HashSet<>(kept).containsAll(ids);
    }

    Map<String, Integer> apply(long inc, Commit commit, List<DeadLetter> refused) {
        starts = 0;
        commit.progress().forEach(at -> progress.put(at.stage() + "\n" + at.part(), at));
        commit.files().forEach(file -> files.put(file.path(), file));
        List<DeadLetter> dead = new ArrayList<>(commit.dead());
        dead.addAll(refused);
        dead.forEach(this::keep);
        store.drop(commit.taken());
        queue.remove(commit.done(), dead.stream().map(DeadLetter::row).collect(Collectors.toSet()));
        if (commit.counts() != null) {
            counts.put(inc, commit.counts());
        }
        if (commit.shape() != null) {
            shape = commit.shape();
        }
        if (commit.trial() != null) {
            trial = commit.trial().isEmpty() ? null : commit.trial();
        }
        return queue.add(commit.enqueued());
    }

    private void keep(DeadLetter letter) {
        ModelQueue.Row row = new ModelQueue.Row(0, letter.stage(), -1, letter.document(), letter.meta(), null, -1);
        if (letter.row() != null && queue.get(letter.row()).stage.equals(letter.stage())) {
            ModelQueue.Row from = queue.get(letter.row());
            row = new ModelQueue.Row(
                    0, letter.stage(), from.bucket, letter.document(), letter.meta(), from.unique, from.keep);
        }
        DeadLetter kept = new DeadLetter(letter.stage(), letter.document(), letter.error(), letter.meta());
        store.keep(new ModelStore.Letter(new KeptLetter(store.nextId(), number, Instant.now(), kept), row));
    }

    boolean takesBack(ModelStore.Letter letter) {
        if (state == RunState.CANCELLED) {
            return false;
        }
        ModelQueue.Row from = letter.origin();
        queue.put(new ModelQueue.Row(
                store.nextId(), from.stage, from.bucket, from.document, from.meta, from.unique, from.keep));
        state = RunState.UNFINISHED;
        ended = null;
        return true;
    }

    Ending ending(Set<String> sources) {
        boolean done = sources.stream().allMatch(this::hasEnded) && queue.isEmpty();
        return done ? Ending.SEALING : Ending.GOES_ON;
    }

    private boolean hasEnded(String stage) {
        List<Progress> parts = progress.values().stream()
                .filter(at -> at.stage().equals(stage))
                .toList();
        return !parts.isEmpty()
                && parts.stream().allMatch(at -> at.ended() && at.pending().isEmpty());
    }

    void close(ModelHeld held, RunState how, int code) {
        leave(held, false);
        starts = 0;
        boolean goesOn = how == RunState.FINISHED && (!live.isEmpty() || !queue.isEmpty());
        exit = exit == 1 || code == 1 ? 1 : Math.max(exit, code);
        if (!goesOn) {
            end(how);
        }
    }

    void end(RunState how) {
        state = how;
        ended = how == RunState.UNFINISHED ? null : Instant.now();
        if (how == RunState.CANCELLED) {
            live.clear();
            queue.clear();
        }
    }

    Saved saved() {
        Map<String, Long> sum = new HashMap<>();
        counts.values().forEach(each -> each.forEach((name, count) -> sum.merge(name, count, Long::sum)));
        return new Saved(
                summary(), shape, List.copyOf(progress.values()), List.copyOf(files.values()), sum, starts, trial);
    }

    List<Member> others(ModelLedger of) {
        return live().stream()
                .map(ModelHeld::ledger)
                .filter(ledger -> ledger != of && !ledger.isDead())
                .map(ModelLedger::member)
                .toList();
    }

    ModelRun cancel(int code) {
        live().forEach(held -> leave(held, false));
        exit = code;
        end(RunState.CANCELLED);
        return this;
    }

    RunWork work() {
        Map<String, Long> dead = new TreeMap<>();
        store.letters(number).forEach(kept -> dead.merge(kept.letter().stage(), 1L, Long::sum));
        return new RunWork(
                summary(),
                saved().counts(),
                progress.values().stream().map(ModelRun::reading).toList(),
                queue.sizes(),
                dead,
                files.values().stream()
                        .filter(file -> file.state() == FileMark.State.PART)
                        .toList(),
                live().stream().map(this::hand).toList());
    }

    private static RunWork.Reading reading(Progress at) {
        long open = at.pending().stream().mapToLong(Progress.Pending::count).sum();
        return new RunWork.Reading(at.stage(), at.part(), at.seq(), open, at.ended());
    }

    private RunWork.Hand hand(ModelHeld held) {
        return new RunWork.Hand(
                held.ledger().host(),
                1,
                Duration.ofMillis(held.ledger().silence()),
                leases.names(held),
                queue.claimed(held));
    }

    Member.Part part(ModelHeld held) {
        return new Member.Part(number, request.flow(), leases.names(held));
    }

    RunSummary summary() {
        String on = live().stream()
                .filter(held -> !held.ledger().isDead())
                .map(held -> held.ledger().host() + ", process 1")
                .collect(Collectors.joining("; "));
        return new RunSummary(
                number,
                request.flow(),
                request.params(),
                state,
                state == RunState.UNFINISHED ? 0 : exit,
                Instant.EPOCH,
                ended,
                store.letters(number).size(),
                on.isEmpty() ? null : on);
    }
}
