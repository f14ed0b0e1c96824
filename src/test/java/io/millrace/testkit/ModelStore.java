package io.millrace.testkit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.ledger.Commit;
import io.millrace.ledger.FileMark;
import io.millrace.ledger.KeptLetter;
import io.millrace.ledger.Progress;
import io.millrace.ledger.RunRequest;
import io.millrace.ledger.RunState;
import io.millrace.ledger.RunSummary;
import io.millrace.ledger.Saved;
import io.millrace.spi.StoreTransaction;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
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
        /** It arrives when others have been asked already. */
        COMMIT_LATE
    }

    private final UUID id = UUID.randomUUID();
    private final List<Run> runs = new ArrayList<>();
    private final List<KeptLetter> letters = new ArrayList<>();
    private final List<String> rows = new ArrayList<>();
    private Optional<Cut> cut = Optional.empty();
    private long now;
    private long incs;
    private long letterIds;

    public void pass(long seconds) {
        now += seconds;
    }

    /** The next COMMIT meets this. */
    public void cut(Cut how) {
        cut = Optional.of(how);
    }

    /** What participants wrote. */
    public List<String> rows() {
        return List.copyOf(rows);
    }

    long now() {
        return now;
    }

    UUID id() {
        return id;
    }

    Optional<Cut> takeCut() {
        Optional<Cut> taken = cut;
        cut = Optional.empty();
        return taken;
    }

    Optional<Run> newest(RunRequest request) {
        return runs.stream()
                .filter(run -> run.request.flow().equals(request.flow())
                        && run.request.params().equals(request.params()))
                .reduce((older, newer) -> newer);
    }

    Run begin(RunRequest request) {
        Run run = new Run(request);
        runs.add(run);
        return run;
    }

    List<RunSummary> runs() {
        List<RunSummary> all = new ArrayList<>();
        runs.forEach(run -> all.add(0, run.summary()));
        return all;
    }

    List<KeptLetter> letters(long run) {
        return letters.stream().filter(letter -> letter.run() == run).toList();
    }

    int drop(List<Long> ids) {
        int before = letters.size();
        letters.removeIf(letter -> ids.contains(letter.id()));
        return before - letters.size();
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

    /** A row of the table of runs, with all that hangs on it. */
    final class Run {
        private final RunRequest request;
        private final long number = runs.size() + 1L;
        private final Map<String, Progress> progress = new TreeMap<>();
        private final Map<String, FileMark> files = new TreeMap<>();
        private final Map<Long, Map<String, Long>> counts = new HashMap<>();
        private ObjectNode shape;
        private RunState state = RunState.UNFINISHED;
        private int exit;
        private @Nullable Instant ended;
        private @Nullable ModelLedger owner;
        private long live;
        private int starts;

        Run(RunRequest request) {
            this.request = request;
            this.shape = request.shape();
        }

        long id() {
            return number;
        }

        RunState state() {
            return state;
        }

        @Nullable
        ModelLedger owner() {
            return owner;
        }

        long claim(ModelLedger by) {
            owner = by;
            starts++;
            live = ++incs;
            return live;
        }

        long move(long from) {
            live = ++incs;
            Map<String, Long> moved = counts.remove(from);
            if (moved != null) {
                counts.put(live, moved);
            }
            return live;
        }

        boolean isHeldBy(long inc) {
            return live == inc;
        }

        boolean hasLetters(List<Long> ids) {
            List<Long> kept = letters(number).stream().map(KeptLetter::id).toList();
            return new HashSet<>(kept).containsAll(ids);
        }

        void apply(long inc, Commit commit) {
            starts = 0;
            commit.progress().forEach(at -> progress.put(at.stage() + "\n" + at.part(), at));
            commit.files().forEach(file -> files.put(file.path(), file));
            commit.dead().forEach(letter -> letters.add(new KeptLetter(++letterIds, number, Instant.now(), letter)));
            drop(commit.taken());
            if (commit.counts() != null) {
                counts.put(inc, commit.counts());
            }
            if (commit.shape() != null) {
                shape = commit.shape();
            }
        }

        void end(RunState how, int code) {
            state = how;
            exit = code;
            ended = how == RunState.UNFINISHED ? null : Instant.now();
            owner = null;
            live = 0;
            starts = 0;
        }

        Saved saved() {
            Map<String, Long> sum = new HashMap<>();
            counts.values().forEach(each -> each.forEach((name, count) -> sum.merge(name, count, Long::sum)));
            return new Saved(
                    summary(), shape, List.copyOf(progress.values()), List.copyOf(files.values()), sum, starts);
        }

        RunSummary summary() {
            return new RunSummary(
                    number,
                    request.flow(),
                    request.params(),
                    state,
                    exit,
                    Instant.EPOCH,
                    ended,
                    letters(number).size(),
                    owner == null || owner.isDead() ? null : owner.host() + ", process 1");
        }
    }
}
