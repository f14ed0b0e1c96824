package io.millrace.cli;

import io.millrace.ledger.RunSummary;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "list", description = "List dead letters, the newest run's first.")
final class DeadListCommand implements Callable<Integer> {
    private static final int LIMIT = 50;

    private final Shell shell;

    @Mixin
    CommonOptions common = new CommonOptions();

    @Mixin
    LedgerOptions ledger = new LedgerOptions();

    @Parameters(
            arity = "0..1",
            paramLabel = "FLOW|RUN",
            description = "The flow's name or file, or the run's number; default: all runs.")
    @Nullable
    String of;

    @Option(
            names = "--filter",
            paramLabel = "JQ",
            description = "Those for which this is true, as '.error.kind == \"TIMEOUT\"'; "
                    + "it sees {id, run, flow, stage, at, error, meta, document}.")
    @Nullable
    String filter;

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "At most so many; default: " + LIMIT + ", or all with --json.")
    @Nullable
    Integer limit;

    @Option(
            names = "--json",
            description = "One JSON object a line, with error, meta and document, instead of a table.")
    boolean json;

    DeadListCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        LetterFilter passing = LetterFilter.of(filter, shell);
        ledger.open(shell, of).ifPresentOrElse(store -> list(store, passing), () -> say(ledger.none(shell)));
        return ExitCode.DONE;
    }

    private void list(Stored opened, LetterFilter passing) {
        try (Stored store = opened) {
            Choice choice = new Choice(shell, store);
            List<RunSummary> runs = of == null ? store.runs() : choice.runs(of);
            if (json) {
                lines(choice, runs, passing);
            } else {
                table(choice, runs, passing);
            }
        }
    }

    private void lines(Choice choice, List<RunSummary> runs, LetterFilter passing) {
        int most = limit == null ? Integer.MAX_VALUE : limit;
        int[] count = {0};
        choice.letters(runs, passing, letter -> {
            if (count[0] < most) {
                shell.out().println(letter.line());
            }
            return ++count[0] < most;
        });
    }

    private void table(Choice choice, List<RunSummary> runs, LetterFilter passing) {
        int most = limit == null ? LIMIT : limit;
        List<List<String>> rows = new ArrayList<>(List.of(LetterView.HEAD));
        choice.letters(runs, passing, letter -> {
            rows.add(letter.row());
            return rows.size() <= most + 1;
        });
        boolean more = rows.size() > most + 1;
        if (rows.size() == 1) {
            say(filter == null ? "there are no dead letters" : "no dead letter passes the filter");
            return;
        }
        Columns.lines(more ? rows.subList(0, most + 1) : rows, LetterView.HEAD.size()).stream()
                .map(String::stripTrailing)
                .forEach(shell.out()::println);
        if (more) {
            say("there are more: --limit N shows as many as you say");
        }
    }

    private void say(String line) {
        if (!common.quiet) {
            shell.err().println(line);
        }
    }
}
