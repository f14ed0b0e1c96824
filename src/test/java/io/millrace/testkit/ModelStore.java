package io.millrace.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.ledger.Enqueued;
import io.millrace.ledger.KeptLetter;
import io.millrace.ledger.RunRequest;
import io.millrace.ledger.RunState;
import io.millrace.ledger.RunSummary;
import io.millrace.ledger.Saved;
import io.millrace.spi.StoreTransaction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What {@link ModelLedger}s share: a store that forgets nothing, whose clock is turned by hand. One thread. */
public final class ModelStore {
    /** How a line breaks at COMMIT. */
    public enum Cut {
        /** The store never sees it. */
        COMMIT_LOST,
        /** It is done, and nobody hears so. */
        ANSWER_LOST,
        /** It arrives when others have been asked already: at {@link #arrive}. */
        COMMIT_LATE
    }

    /** A dead letter, and the row that it is of. */
    record Letter(KeptLetter kept, ModelQueue.Row origin) {}

    private final UUID id = UUID.randomUUID();
    private final List<ModelRun> runs = new ArrayList<>();
    private final List<ModelLedger> members = new ArrayList<>();
    private final List<Letter> letters = new ArrayList<>();
    private final List<String> rows = new ArrayList<>();
    private final List<Runnable> late = new ArrayList<>();
    /** Values that are unique for a time, and until when. */
    final Map<String, Long> kept = new HashMap<>();

    private Optional<Cut> cut = Optional.empty();
    private long now;
    private long ids;

    public void pass(long seconds) {
        passMillis(1_000 * seconds);
    }

    public void passMillis(long millis) {
        now += millis;
        runs.forEach(ModelRun::turn);
    }

    /** Processes that run something else look for dead ones too. */
    public void bury() {
        runs.forEach(run -> run.sweep(null));
    }

    /** It was away for so long: nobody could beat, so nobody is taken for dead. */
    public void back(long millis) {
        now += millis;
        members.forEach(ModelLedger::beat);
    }

    /** A row of a queue, and who has claimed it. */
    public record Queued(
            long id,
            String stage,
            JsonNode document,
            ObjectNode meta,
            int attempt,
            int bucket,
            @Nullable ModelLedger holder) {}

    /** The rows in the queues of a run, in the order of their ids. */
    public List<Queued> queued(long run) {
        return runs.get((int) run - 1).queue.all();
    }

    /** Whether a row is there, and somebody has claimed it. */
    public boolean isClaimed(long run, long row) {
        return runs.get((int) run - 1).queue.holder(row).isPresent();
    }

    /** Whether this process has claimed it. */
    public boolean isClaimedBy(long run, long row, ModelLedger process) {
        return runs.get((int) run - 1)
                .queue
                .holder(row)
                .filter(held -> held.ledger() == process)
                .isPresent();
    }

    /** Whether what this process writes there counts. */
    public boolean isLive(long run, ModelLedger process) {
        return runs.get((int) run - 1).live().stream().anyMatch(held -> held.ledger() == process);
    }

    /** Whether the process has this on lease. */
    public boolean isLeased(long run, String kind, String name, ModelLedger to) {
        ModelRun of = runs.get((int) run - 1);
        return of.live().stream()
                .anyMatch(held -> held.ledger() == to && of.leases.names(held).contains(kind + " " + name));
    }

    /** Puts a row into a queue, as another process would. */
    public void enqueue(long run, Enqueued row) {
        runs.get((int) run - 1).queue.add(List.of(row));
    }

    /** All that is kept, in short. */
    public String digest() {
        StringBuilder text = new StringBuilder();
        runs.forEach(run -> text.append(run.saved()).append(run.queue.all()).append(run.leases.all()));
        letters.forEach(letter -> text.append(letter.kept().id()).append(' '));
        return text.append(rows.size()).toString();
    }

    /** The next COMMIT meets this. */
    public void cut(Cut how) {
        cut = Optional.of(how);
    }

    void late(Runnable commit) {
        late.add(commit);
    }

    /** What is late arrives. */
    public void arrive() {
        List<Runnable> all = List.copyOf(late);
        late.clear();
        all.forEach(Runnable::run);
    }

    /** How the run of that number stands; unfinished if it has not begun. */
    public RunState state(long run) {
        return run > runs.size() ? RunState.UNFINISHED : runs.get((int) run - 1).state();
    }

    /** All that is kept of a run. */
    public Saved saved(long run) {
        return runs.get((int) run - 1).saved();
    }

    /** What participants wrote. */
    public List<String> rows() {
        return List.copyOf(rows);
    }

    /** In milliseconds. */
    public long now() {
        return now;
    }

    UUID id() {
        return id;
    }

    /** For incarnations, rows and letters. */
    long nextId() {
        return ++ids;
    }

    Optional<Cut> takeCut() {
        Optional<Cut> taken = cut;
        cut = Optional.empty();
        return taken;
    }

    void join(ModelLedger member) {
        members.add(member);
    }

    List<ModelLedger> members() {
        return members;
    }

    Optional<ModelRun> newest(RunRequest request) {
        return runs.stream().filter(run -> run.isOf(request)).reduce((older, newer) -> newer);
    }

    ModelRun begin(RunRequest request) {
        ModelRun run = new ModelRun(this, request, runs.size() + 1);
        runs.add(run);
        return run;
    }

    /** How many runs there are. */
    public int count() {
        return runs.size();
    }

    Optional<ModelRun> run(long number) {
        return runs.stream().filter(run -> run.id() == number).findFirst();
    }

    List<ModelRun> all() {
        return runs;
    }

    List<RunSummary> runs() {
        List<RunSummary> all = new ArrayList<>();
        runs.forEach(run -> all.add(0, run.summary()));
        return all;
    }

    void keep(Letter letter) {
        letters.add(letter);
    }

    public List<KeptLetter> letters(long run) {
        return letters.stream()
                .map(Letter::kept)
                .filter(letter -> letter.run() == run)
                .toList();
    }

    int drop(List<Long> unwanted) {
        int before = letters.size();
        letters.removeIf(letter -> unwanted.contains(letter.kept().id()));
        return before - letters.size();
    }

    public int replay(List<Long> wanted) {
        List<Letter> found = letters.stream()
                .filter(letter -> wanted.contains(letter.kept().id()))
                .filter(letter -> runs.get((int) letter.kept().run() - 1).takesBack(letter))
                .toList();
        letters.removeAll(found);
        return found.size();
    }

    Transaction transaction() {
        return new Transaction();
    }

    /** Collects rows, which count when it is kept. */
    public final class Transaction implements StoreTransaction {
        private final List<String> written = new ArrayList<>();

        @Override
        public <T> T connection(Class<T> type) {
            return type.cast(this);
        }

        public void put(String row) {
            written.add(row);
        }

        void keep() {
            rows.addAll(written);
        }
    }
}
