package io.millrace.cli;

import io.millrace.cli.LetterOptions.Chosen;
import io.millrace.cli.LetterOptions.Pick;
import io.millrace.ledger.RunState;
import io.millrace.ledger.RunSummary;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "replay",
        description = {
            "Send dead letters back to the stages where they failed: `replay 3 4`, `replay --filter JQ`, `replay pages --all`.",
            "The next `millrace run` of the flow works on them, or the one that is under way. Each is sent back once; if it fails "
                    + "again it is a new dead letter."
        })
final class DeadReplayCommand implements Callable<Integer> {
    private final Shell shell;

    @Mixin
    CommonOptions common = new CommonOptions();

    @Mixin
    LedgerOptions ledger = new LedgerOptions();

    @Mixin
    LetterOptions letters = new LetterOptions();

    DeadReplayCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        LetterFilter passing = letters.checked(shell);
        ledger.open(shell, letters.of())
                .ifPresentOrElse(store -> replay(store, passing), () -> say(ledger.none(shell)));
        return ExitCode.DONE;
    }

    private void replay(Stored opened, LetterFilter passing) {
        try (Stored store = opened) {
            List<Chosen> chosen = letters.chosen(shell, store, passing);
            if (chosen.isEmpty()) {
                say(letters.nothing());
            }
            List<RunSummary> all = store.runs();
            for (Chosen of : chosen) {
                Optional<String> stays = whyStays(of.run(), all);
                if (stays.isPresent()) {
                    say(stays.get());
                } else {
                    replay(store, of);
                }
            }
        }
    }

    /** Nobody would ever work on what is sent back to a run that none goes on with. */
    private static Optional<String> whyStays(RunSummary run, List<RunSummary> all) {
        String letters = "its dead letters stay; `millrace dead drop` throws them away";
        if (run.state() == RunState.CANCELLED) {
            return Optional.of("run " + run.id() + " was cancelled: " + letters);
        }
        return all.stream()
                .filter(other ->
                        other.flow().equals(run.flow()) && other.params().equals(run.params()))
                .filter(other -> other.id() > run.id())
                .findFirst()
                .map(newer -> "run " + run.id() + " is not gone on with, as run " + newer.id()
                        + " of the same flow is newer: " + letters);
    }

    private void replay(Stored store, Chosen of) {
        List<Pick> able =
                of.letters().stream().filter(letter -> !letter.isUnreadable()).toList();
        long unable = of.letters().size() - able.size();
        if (unable > 0) {
            say(Words.count(unable, "record") + " of run " + of.run().id()
                    + " that a source could not read cannot be run: mend what it reads, and run it anew with --fresh");
        }
        if (!able.isEmpty()) {
            int back = store.replay(able.stream().map(Pick::id).toList());
            say(went(of.run().id(), able, back) + "; " + next(of.run()));
        }
    }

    /** {@code 12 dead letters of run 17 go back to stage "pages"}. */
    private static String went(long run, List<Pick> letters, int back) {
        Map<String, Long> stages =
                letters.stream().collect(Collectors.groupingBy(Pick::stage, TreeMap::new, Collectors.counting()));
        String go = Words.count(back, "dead letter") + " of run " + run + (back == 1 ? " goes" : " go") + " back to ";
        return stages.size() == 1
                ? go + "stage \"" + stages.keySet().iterator().next() + "\""
                : go + "their stages ("
                        + stages.entrySet().stream()
                                .map(stage -> stage.getKey() + " " + Words.count(stage.getValue()))
                                .collect(Collectors.joining(", "))
                        + ")";
    }

    private String next(RunSummary run) {
        if (run.runningOn() != null) {
            return "the run is under way on " + run.runningOn() + " and works on them";
        }
        String file = letters.names.stream()
                .filter(name -> name.endsWith(".json"))
                .findFirst()
                .orElse("");
        return file.isEmpty()
                ? "run the flow \"" + run.flow() + "\" again, with the same params, to have them worked on"
                : "`millrace run " + file + "`, with the same params, works on them";
    }

    private void say(String line) {
        if (!common.quiet) {
            shell.err().println(line);
        }
    }
}
