package io.millrace.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.control.LocalRuns;
import io.millrace.control.LocalRuns.Found;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "runs",
        description =
                "List the runs of this machine that are under way, and the runs of durable flows that the store keeps: first those that are unfinished.")
final class RunsCommand implements Callable<Integer> {
    private static final int LIMIT = 20;
    private static final List<String> HEAD =
            List.of("run", "flow", "state", "for", "read", "in flight", "queued", "failed", "dead", "pid", "folder");

    private final Shell shell;

    @Mixin
    CommonOptions common = new CommonOptions();

    @Mixin
    LedgerOptions ledger = new LedgerOptions();

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "At most so many runs of the store that have ended; default: " + LIMIT + ".")
    int limit = LIMIT;

    @Option(names = "--json", description = "One JSON object a line, with every stage, instead of tables.")
    boolean json;

    RunsCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        List<Found> found;
        try (LocalRuns nearby = shell.tools().nearby().get()) {
            found = Nearby.list(nearby);
        }
        if (json) {
            found.forEach(run -> shell.out().println(run.view()));
        } else if (!found.isEmpty()) {
            List<List<String>> rows = new ArrayList<>(List.of(HEAD));
            found.forEach(run -> rows.add(row(run)));
            Columns.lines(rows, 2).forEach(shell.out()::println);
        } else if (!common.quiet) {
            shell.err().println("no run of this user is under way on this machine");
        }
        ledger.open(shell).ifPresent(store -> show(store, found.isEmpty()));
        return ExitCode.DONE;
    }

    private void show(Stored opened, boolean first) {
        try (Stored store = opened) {
            StoredRuns kept = StoredRuns.of(store, limit);
            if (json) {
                kept.json().forEach(shell.out()::println);
            } else if (!kept.runs().isEmpty()) {
                if (!first) {
                    shell.out().println();
                }
                kept.table().stream().map(String::stripTrailing).forEach(shell.out()::println);
                List<String> doings = kept.doings();
                if (!doings.isEmpty()) {
                    shell.out().println();
                    doings.stream().map(String::stripTrailing).forEach(shell.out()::println);
                }
            }
        }
    }

    private static List<String> row(Found run) {
        JsonNode view = run.view();
        return List.of(
                Nearby.shortId(run),
                run.flow(),
                view.path("state").asText(),
                Words.time(Duration.ofMillis(view.path("elapsedMs").asLong())),
                Words.count(view.path("read").asLong()),
                sum(view, "inFlight"),
                sum(view, "queued"),
                sum(view, "failed"),
                Words.count(view.path("deadLetters").asLong()),
                view.path("pid").asText(),
                view.path("folder").asText());
    }

    private static String sum(JsonNode view, String field) {
        long sum = 0;
        for (JsonNode stage : view.path("stages")) {
            sum += stage.path(field).asLong();
        }
        return Words.count(sum);
    }
}
