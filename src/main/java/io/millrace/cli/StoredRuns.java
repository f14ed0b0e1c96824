package io.millrace.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.ledger.Member;
import io.millrace.ledger.RunState;
import io.millrace.ledger.RunSummary;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The runs that a store keeps, with the processes that work on them. */
record StoredRuns(List<RunSummary> runs, List<Member> members) {
    private static final List<String> HEAD =
            List.of("run", "flow", "state", "runs on", "began", "ended", "exit", "dead");
    private static final int LEFT = 6;

    /** @param ended at most so many of those that have ended */
    static StoredRuns of(Stored store, int ended) {
        List<RunSummary> all = store.runs();
        List<RunSummary> shown =
                new ArrayList<>(all.stream().filter(StoredRuns::isOpen).toList());
        all.stream().filter(run -> !isOpen(run)).limit(ended).forEach(shown::add);
        return new StoredRuns(shown, store.members());
    }

    private static boolean isOpen(RunSummary run) {
        return run.state() == RunState.UNFINISHED;
    }

    List<String> table() {
        List<List<String>> rows = new ArrayList<>(List.of(HEAD));
        runs.forEach(run -> rows.add(row(run)));
        return Columns.lines(rows, LEFT);
    }

    /** Which process does what, as lines; none if nobody holds anything. */
    List<String> doings() {
        List<List<String>> rows = new ArrayList<>(List.of(List.of("run", "process", "does")));
        for (RunSummary run : runs) {
            for (Member member : places(run)) {
                List<String> does = Doings.ofLeases(leases(member, run));
                if (!does.isEmpty()) {
                    rows.add(List.of(String.valueOf(run.id()), place(member), String.join(", ", does)));
                }
            }
        }
        return rows.size() == 1 ? List.of() : Columns.lines(rows, rows.get(0).size());
    }

    private static List<String> leases(Member member, RunSummary run) {
        return member.parts().stream()
                .filter(part -> part.run() == run.id())
                .flatMap(part -> part.leases().stream())
                .toList();
    }

    private List<String> row(RunSummary run) {
        return List.of(
                String.valueOf(run.id()),
                run.flow(),
                state(run),
                places(run).stream().map(StoredRuns::place).collect(Collectors.joining(", ")),
                LetterView.time(run.began()),
                run.ended() == null ? "" : LetterView.time(run.ended()),
                isOpen(run) ? "" : String.valueOf(run.exitCode()),
                Words.count(run.deadLetters()));
    }

    private String state(RunSummary run) {
        return isOpen(run) && !places(run).isEmpty() ? "running" : Words.lower(run.state());
    }

    private List<Member> places(RunSummary run) {
        return members.stream()
                .filter(member -> member.parts().stream().anyMatch(part -> part.run() == run.id()))
                .sorted(Comparator.comparing(Member::host).thenComparing(Member::pid))
                .toList();
    }

    private static String place(Member member) {
        return member.host() + ":" + member.pid();
    }

    List<ObjectNode> json() {
        return runs.stream().map(this::json).toList();
    }

    private ObjectNode json(RunSummary run) {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("run", run.id())
                .put("flow", run.flow())
                .put("state", state(run))
                .put("began", run.began().toString())
                .put("ended", text(run.ended()))
                .put("exitCode", isOpen(run) ? null : Integer.valueOf(run.exitCode()))
                .put("deadLetters", run.deadLetters());
        ArrayNode on = json.putArray("runsOn");
        for (Member member : places(run)) {
            ObjectNode place = on.addObject().put("host", member.host()).put("pid", member.pid());
            leases(member, run).forEach(place.putArray("leases")::add);
        }
        return json;
    }

    private static @Nullable String text(@Nullable Instant time) {
        return time == null ? null : time.toString();
    }
}
