package io.millrace.cli;

import io.millrace.engine.RunResult;
import io.millrace.engine.RunSnapshot;
import io.millrace.engine.RunSnapshot.Kept;
import io.millrace.engine.RunSnapshot.StageSnapshot;
import io.millrace.ledger.RunSummary;
import java.util.List;
import java.util.Set;

/**
 * What is said of a run at its end.
 *
 * @param ends the stages whose results leave the flow
 */
record Report(RunResult result, Set<String> ends, Leftovers leftovers) {
    private static final int LONGEST = 300;

    /** {@code done in 12.3 s: 1,240 items, 3 dead letters in scrape.dead.jsonl}. */
    String sentence() {
        String time = Words.time(result.last().elapsed());
        return switch (result.outcome()) {
            case DONE -> result.before().map(Report::doneBefore).orElseGet(() -> "done in " + time + ": " + figures());
            case FAILED ->
                "failed: " + closed(result.reason()) + (result.reason().contains("\n") ? "\nAfter " : " After ") + time
                        + ": " + figures();
            case INTERRUPTED ->
                "interrupted" + (result.reason().isEmpty() ? "" : " by " + result.reason()) + " after " + time + ": "
                        + figures();
        };
    }

    private static String doneBefore(RunSummary run) {
        return "nothing to do: run " + run.id() + " has done it, and its sources are the same"
                + (run.deadLetters() == 0
                        ? ""
                        : "; it has " + Words.count(run.deadLetters(), "dead letter") + ", which `millrace dead replay "
                                + run.id() + " --all` gives back to it")
                + ". --fresh runs it anew";
    }

    /** Why the first of the dead letters is one, in one line; empty when there is none, or the sentence says it. */
    String firstFailure() {
        String first = result.last().firstDeadLetter();
        boolean told = result.outcome() == RunResult.Outcome.INTERRUPTED
                || result.reason().contains(first.substring(first.indexOf(' ') + 1));
        if (first.isEmpty() || told) {
            return "";
        }
        String line = first.lines().findFirst().orElse(first);
        String shown = line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
        return (result.last().deadLetters() == 1 ? "it failed at " : "the first failed at ") + shown;
    }

    /** How a run goes on that a signal has interrupted, in one line; empty where it does not. */
    String next() {
        boolean bySignal = result.outcome() == RunResult.Outcome.INTERRUPTED
                && result.reason().startsWith("SIG");
        return bySignal ? leftovers.next() : "";
    }

    /** What could not be stopped, stage by stage. */
    List<String> leftBehind() {
        return result.last().stages().stream()
                .filter(stage -> stage.leftBehind() > 0)
                .map(stage ->
                        Words.count(stage.leftBehind(), "blocking call") + " of stage `" + stage.name() + "` still "
                                + (stage.leftBehind() == 1 ? "runs after its item was" : "run after their items were")
                                + " cancelled; nothing stops it but the end of this process")
                .toList();
    }

    /** The sentence in the colour of its outcome. */
    String painted(Paint paint) {
        String sentence = sentence();
        int end = sentence.indexOf(':') < 0 ? sentence.length() : sentence.indexOf(':');
        String word = sentence.substring(0, end);
        String coloured = switch (result.outcome()) {
            case DONE -> result.last().deadLetters() > 0 ? paint.warning(word) : paint.good(word);
            case FAILED -> paint.error(word);
            case INTERRUPTED -> paint.warning(word);
        };
        return coloured + sentence.substring(end);
    }

    /** Results that have left the flow. */
    long items() {
        RunSnapshot last = result.last();
        return last.stages().stream()
                .filter(stage -> ends.isEmpty() || ends.contains(stage.name()))
                .mapToLong(StageSnapshot::out)
                .sum();
    }

    private String figures() {
        long dead = result.last().deadLetters();
        String letters = dead == 0 ? "" : ", " + Words.count(dead, "dead letter") + leftovers.letters();
        return result.last()
                .kept()
                .filter(Kept::resumed)
                .map(kept -> here(dead - kept.letters()) + " in this process; run " + kept.run() + " in all: "
                        + Words.count(kept.done(), "record") + " done" + letters)
                .orElseGet(() -> Words.count(items(), "item") + letters);
    }

    /** What this process alone came to. */
    private String here(long dead) {
        return Words.count(items(), "item") + (dead <= 0 ? "" : " and " + Words.count(dead, "dead letter"));
    }

    private static String closed(String reason) {
        return reason.isEmpty() || ".!?;".indexOf(reason.charAt(reason.length() - 1)) >= 0 ? reason : reason + ".";
    }
}
