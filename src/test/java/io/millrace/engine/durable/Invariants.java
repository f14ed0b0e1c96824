package io.millrace.engine.durable;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.engine.durable.DurableFlow.Birth;
import io.millrace.engine.durable.DurableFlow.Group;
import io.millrace.engine.durable.DurableFlow.Node;
import io.millrace.engine.durable.Output.End;
import io.millrace.ledger.FileMark;
import io.millrace.ledger.KeptLetter;
import io.millrace.ledger.Progress;
import io.millrace.ledger.RunRequest;
import io.millrace.ledger.Saved;
import io.millrace.testkit.ModelStore;
import io.millrace.testkit.ModelStore.Queued;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** What has to be true whenever the store has kept something, each under its name. */
final class Invariants {
    /** @param shared whether several processes may run it at once */
    static RunRequest request(boolean shared) {
        return new RunRequest("flow", "", JsonNodeFactory.instance.objectNode(), false, shared);
    }

    private final Verdict verdict;
    private final DurableFlow flow;
    private final Map<String, Table> tables;
    private final ModelStore store;
    private final Disk disk;
    private final boolean tight;
    private final Set<Output> delivered = new HashSet<>();
    private final Map<String, List<Output>> kept = new HashMap<>();
    private final Map<Output, List<Group>> groupsOf = new HashMap<>();
    private final Map<String, Integer> filesRead = new HashMap<>();
    private final Map<String, Integer> latest = new HashMap<>();
    private final Set<String> done = new HashSet<>();
    private final Set<String> touched = new LinkedHashSet<>();
    private int rowsRead;
    private long lettersRead;
    private int groupsRead;
    private int deaths;
    private final Map<String, Birth> births = new HashMap<>();
    private final Set<String> open = new LinkedHashSet<>();
    private final Map<String, Set<Integer>> seen = new HashMap<>();
    private final Map<String, SimProcess> workers = new HashMap<>();
    private final Set<Long> given = new HashSet<>();
    private long rowsKnown;

    /** @param tight whether records may become more than may be held */
    Invariants(
            Verdict verdict, DurableFlow flow, Map<String, Table> tables, ModelStore store, Disk disk, boolean tight) {
        this.verdict = verdict;
        this.flow = flow;
        this.tables = tables;
        this.store = store;
        this.disk = disk;
        this.tight = tight;
    }

    /** A sink that is not part of commits has written it. */
    void delivered(Output output) {
        delivered.add(output);
    }

    /** A process was ended, by somebody else. */
    void killed() {
        deaths++;
    }

    /** Everything that can be said after a commit. */
    void check(long run) {
        Saved saved = store.saved(run);
        readRows();
        readLetters(run);
        saved.files().forEach(this::readFile);
        readGroups();
        Set<String> queued = readQueues(run);
        Set<String> newlyDone = done(saved, queued);
        for (String owner : touched) {
            isKeptWithItsRecords(owner);
        }
        for (String record : newlyDone) {
            isWhole(record);
        }
        touched.clear();
    }

    /** Everything that can be said at the end. */
    void checkEnd(long run) {
        check(run);
        tables.forEach((stage, table) -> table.keys().stream()
                .filter(table::isDue)
                .map(key -> Table.owner(stage, key))
                .filter(record -> !done.contains(record))
                .forEach(record -> verdict.broken(
                        "every record comes to its end",
                        record + " with " + store.saved(run).progress())));
        for (Progress progress : store.saved(run).progress()) {
            if (!progress.pending().isEmpty() || !progress.ended()) {
                verdict.broken("every record comes to its end", progress);
            }
        }
        for (FileMark mark : store.saved(run).files()) {
            if (!open.isEmpty()) {
                verdict.broken("every record comes to its end", open + " are queued");
            }
            Disk.Entry file = file(mark);
            if (file.length() != mark.length() || file.forced() != mark.length() || !file.isNamed()) {
                verdict.broken("the bytes of files are those of the progress", mark + " is " + file.length() + " long");
            }
        }
    }

    private void readRows() {
        List<String> rows = store.rows();
        for (String row : rows.subList(rowsRead, rows.size())) {
            int tab = row.indexOf('\t');
            keep(End.ROW, Output.line(row.substring(0, tab), row.substring(tab + 1)));
        }
        rowsRead = rows.size();
    }

    private void readLetters(long run) {
        for (KeptLetter letter : store.letters(run)) {
            if (letter.id() > lettersRead) {
                lettersRead = letter.id();
                String message = letter.letter().error().path("message").asText();
                String id = letter.letter().document().path("id").asText();
                String owner = letter.letter().document().path("owner").asText();
                if (message.startsWith("One record became more")) {
                    keep(new Output(End.LIMIT, letter.letter().stage(), id, owner, 0));
                } else if (message.startsWith("The process died") || message.contains(" processes died while")) {
                    keep(new Output(End.KILLER, letter.letter().stage(), id, owner, 0));
                } else {
                    keep(Output.ofDeath(message));
                }
            }
        }
    }

    private Disk.Entry file(FileMark mark) {
        Disk.Entry file = disk.find(mark.path());
        if (file == null || file.forced() < mark.length()) {
            throw verdict.broken("the bytes of files are those of the progress", mark + " is not on the disk for good");
        }
        return file;
    }

    private void readFile(FileMark mark) {
        Disk.Entry file = file(mark);
        int from = filesRead.getOrDefault(mark.path(), 0);
        int to = (int) mark.length();
        if (file.crc(to) != mark.crc() || to < from) {
            verdict.broken("the bytes of files are those of the progress", mark + " has changed");
        }
        for (String line : file.read(from, to).split("\n", -1)) {
            if (!line.isEmpty()) {
                keep(End.LINE, Output.line(mark.stage(), line));
            }
        }
        filesRead.put(mark.path(), to);
    }

    private void keep(End how, Output.Line line) {
        JsonNode document = line.document();
        Output output = line.as(how);
        if (!document.path("payload").asText().equals(Table.payload(output.owner()))) {
            verdict.broken("outputs hold what was issued", line.text());
        }
        isInOrder(output);
        keep(output);
    }

    private boolean isKeyedRow(Output output, Node node) {
        return node.durable()
                && node.key().isPresent()
                && !node.collects()
                && Rows.isRow(output.owner())
                && Objects.requireNonNull(births.get(output.owner())).stage().equals(node.name());
    }

    /** Whether some process has to deal with it now. */
    boolean isUnderWay(long run, String record) {
        return !done.contains(record) && (!Rows.isRow(record) || store.isClaimed(run, Rows.number(record)));
    }

    /** Where records come in the order of their source through stages that keep it, they are written so. */
    private void isInOrder(Output output) {
        Node node = Objects.requireNonNull(flow.nodes().get(output.stage()));
        boolean alone = flow.nodes().size() == 1 && node.emits().isEmpty() && !node.collects();
        boolean ordered = flow.isInOrder(node.name()) && output.owner().contains("#");
        if (isKeyedRow(output, node)) {
            String line = node.name() + " by " + output.key() % 3;
            int row = (int) Rows.number(output.owner());
            if (latest.getOrDefault(line, 0) > row) {
                verdict.broken("what is to stay in order does", output + " after " + latest);
            }
            latest.merge(line, row, Math::max);
            return;
        }
        if (node.durable()
                || !output.owner().contains("#")
                || (!ordered && !(alone && node.key().isPresent()))) {
            return;
        }
        int key = key(output.owner());
        String line = node.name() + (ordered ? "" : key % 3);
        boolean left =
                !alone && flow.isBegunAgain(output.owner()); // where branches part, one left for later comes later
        if (latest.getOrDefault(line, 0) > key && !left) {
            verdict.broken("what is to stay in order does", output + " after " + latest);
        }
        latest.merge(line, key, Math::max);
    }

    private void keep(Output output) {
        kept.computeIfAbsent(output.owner(), owner -> new ArrayList<>()).add(output);
        touched.add(output.owner());
    }

    private void readGroups() {
        List<Group> all = List.copyOf(flow.groups().values());
        for (Group group : all.subList(groupsRead, all.size())) {
            new LinkedHashSet<>(group.members())
                    .forEach(member -> groupsOf.computeIfAbsent(member, one -> new ArrayList<>())
                            .add(group));
        }
        groupsRead = all.size();
    }

    /** Sees new rows; yields the names of all that are there. */
    private Set<String> readQueues(long run) {
        Set<String> there = new LinkedHashSet<>();
        for (Queued row : store.queued(run)) {
            String owner = Rows.owner(row.id());
            there.add(owner);
            if (row.id() > rowsKnown) {
                rowsKnown = row.id();
                comes(row, owner);
            }
        }
        return there;
    }

    private void comes(Queued row, String owner) {
        ObjectNode document = (ObjectNode) row.document();
        births.put(
                owner,
                new Birth(
                        owner,
                        row.stage(),
                        document.path("id").asText(),
                        document.path("hops").asInt(),
                        true));
        open.add(owner);
        Output queued = Output.of(End.QUEUED, row.stage(), document);
        if (!document.path("payload").asText().equals(Table.payload(queued.owner()))) {
            verdict.broken("outputs hold what was issued", document);
        }
        if (given.remove(row.id())) {
            return;
        }
        boolean unique = Objects.requireNonNull(flow.nodes().get(row.stage())).unique();
        if (unique && !seen(row.stage()).add(DurableFlow.unique(queued))) {
            verdict.broken("what is unique is enqueued once", queued);
        }
        keep(queued);
    }

    private Set<Integer> seen(String stage) {
        return seen.computeIfAbsent(stage, any -> new HashSet<>());
    }

    /** Rows that were put into queues from outside: dead letters that are replayed, and fresh ones. */
    void gave(long run, Runnable giving) {
        check(run);
        Set<Long> before = new HashSet<>();
        store.queued(run).forEach(row -> before.add(row.id()));
        giving.run();
        store.queued(run).stream()
                .map(Queued::id)
                .filter(id -> !before.contains(id))
                .forEach(given::add);
        check(run);
    }

    /** An attempt at a record or row begins: nobody else may be at it whose work counts. */
    void begins(long run, SimProcess process, String owner) {
        if (!store.isLive(run, process.model)) {
            return; // what it does comes to nothing
        }
        if (Rows.isRow(owner)) {
            if (!store.isClaimedBy(run, Rows.number(owner), process.model)) {
                verdict.broken("each item has one owner at a time", owner + " is worked on, but not claimed");
            }
        }
        SimProcess before = workers.put(owner, process);
        if (before != null && before != process && store.isLive(run, before.model) && !Rows.isRow(owner)) {
            verdict.broken("each item has one owner at a time", owner + " is worked on by two");
        }
    }

    /** A process has ended by itself. */
    void ended(SimProcess process) {
        if (!process.unsettled().isEmpty()) {
            verdict.broken("each root is released once", process);
        }
    }

    /** Those that are done now and were not before. */
    private Set<String> done(Saved saved, Set<String> queued) {
        Set<String> now = new LinkedHashSet<>();
        open.removeIf(row -> !queued.contains(row) && now.add(row));
        for (Progress progress : saved.progress()) {
            Table table = Objects.requireNonNull(tables.get(progress.stage()));
            for (int key : table.keys()) {
                if (isDone(progress, key)) {
                    now.add(Table.owner(progress.stage(), key));
                }
            }
        }
        for (String record : done) {
            if (Rows.isRow(record) ? queued.contains(record) : !now.contains(record) && isThere(record)) {
                verdict.broken("what is done stays done", record);
            }
        }
        now.removeAll(done);
        done.addAll(now);
        return now;
    }

    private static boolean isDone(Progress progress, int key) {
        JsonNode last = progress.last();
        return last != null
                && key <= last.asInt()
                && progress.pending().stream()
                        .noneMatch(range -> range.first().asInt() <= key
                                && key <= range.last().asInt());
    }

    private boolean isThere(String record) {
        return Rows.isRow(record) || table(record).keys().contains(key(record));
    }

    private Table table(String record) {
        return Objects.requireNonNull(tables.get(record.substring(0, record.indexOf('#'))));
    }

    private static int key(String record) {
        return Integer.parseInt(record.substring(record.indexOf('#') + 1));
    }

    private void isKeptWithItsRecords(String owner) {
        Group group = flow.groups().get(owner);
        List<String> records = group == null ? List.of(owner) : group.records();
        for (String record : records) {
            if (!done.contains(record) && isThere(record)) {
                verdict.broken("rows are progress", owner + " is kept, " + record + " is not done: " + outputs(owner));
            }
        }
        if (group == null && !isThere(owner)) {
            isWhole(owner);
        }
        if (group != null && !isComplete(group)) {
            verdict.broken(
                    "outputs are those of one complete attempt",
                    outputs(owner) + ", expected " + flow.expected(group) + " of " + group);
        }
    }

    private void isWhole(String record) {
        List<Output> outputs = outputs(record);
        if (outputs.size() == 1 && outputs.get(0).how() == End.LIMIT) {
            if (!tight) {
                verdict.broken("no more is held than may be", record);
            }
            return;
        }
        boolean row = Rows.isRow(record);
        Birth birth = row
                ? Objects.requireNonNull(births.get(record))
                : new Birth(record, table(record).stage, record, 0, false);
        if (outputs.size() == 1 && outputs.get(0).how() == End.KILLER) {
            int accidents = Trial.DEATHS + (flow.hasKiller() ? 0 : Trial.STARTS);
            if (!row && !flow.isKiller(birth.id()) && deaths < accidents) {
                verdict.broken("no record is blamed for what others did", record);
            }
            return;
        }
        boolean bad = !row && table(record).isBad(key(record));
        if (flow.isKiller(birth.id()) && !bad && !flow.isQueuedAtOnce(birth)) {
            verdict.broken("what ends the process each time becomes a dead letter", record + " is " + outputs);
        }
        if (!row && table(record).isBad(key(record)) && flow.attempts(record).isEmpty()) {
            Output dead = new Output(End.DEAD, table(record).stage, record, record, 0);
            if (!outputs.equals(List.of(dead))) {
                verdict.broken("every record comes to its end", record + " is bad, and " + outputs);
            }
            return;
        }
        List<Long> attempts = flow.isQueuedAtOnce(birth) ? List.of(0L) : flow.attempts(record);
        if (attempts.stream().noneMatch(attempt -> explains(birth, attempt, outputs))) {
            List<Optional<List<Output>>> expected = attempts.stream()
                    .map(attempt -> flow.expected(birth, attempt))
                    .toList();
            verdict.broken(
                    "outputs are those of one complete attempt", record + " is " + outputs + ", expected " + expected);
        }
    }

    private boolean explains(Birth birth, long attempt, List<Output> outputs) {
        Optional<List<Output>> expected = flow.expected(birth, attempt);
        return expected.isPresent() && explain(expected.get(), outputs);
    }

    /** Whether outputs are what had to come: exactly, but for what may have come more than once. */
    private boolean explain(List<Output> expected, List<Output> outputs) {
        List<Output> exact = new ArrayList<>();
        for (Output each : expected) {
            if (isKnown(each) && Collections.frequency(outputs, each) <= Collections.frequency(exact, each)) {
                continue; // its value was seen before
            }
            if (each.how() == End.OUT) {
                if (!delivered.contains(each)) {
                    return false;
                }
            } else if (each.how() == End.GROUPED) {
                if (!isGrouped(each, Collections.frequency(expected, each))) {
                    return false;
                }
            } else {
                exact.add(each);
            }
        }
        Collections.sort(exact);
        return exact.equals(outputs);
    }

    private boolean isKnown(Output queued) {
        return queued.how() == End.QUEUED
                && Objects.requireNonNull(flow.nodes().get(queued.stage())).unique()
                && seen(queued.stage()).contains(DurableFlow.unique(queued));
    }

    /** Whether it is a member of so many groups that are kept. */
    private boolean isGrouped(Output member, int times) {
        int kept = 0;
        int silent = 0;
        for (Group group : groupsOf.getOrDefault(member, List.of())) {
            int here = Collections.frequency(group.members(), member);
            List<Output> outputs = outputs(group.owner());
            if (!outputs.isEmpty()) {
                kept += here;
            } else if (isComplete(group)) {
                silent += here; // whether it is kept, nobody can see
            }
        }
        return kept <= times && kept + silent >= times;
    }

    private boolean isComplete(Group group) {
        Optional<List<Output>> expected = flow.expected(group);
        return expected.isPresent() && explain(expected.get(), outputs(group.owner()));
    }

    private List<Output> outputs(String owner) {
        return kept.getOrDefault(owner, List.of()).stream().sorted().toList();
    }
}
