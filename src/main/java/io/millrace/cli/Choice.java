package io.millrace.cli;

import io.millrace.ledger.KeptLetter;
import io.millrace.ledger.RunSummary;
import io.millrace.spi.Nearest;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Predicate;

/** Which runs of the store, and which of their dead letters, a command is about. */
final class Choice {
    private final Shell shell;
    private final Stored store;

    Choice(Shell shell, Stored store) {
        this.shell = shell;
        this.store = store;
    }

    /** The run of that number; or all runs of the flow of that name, or in that file, the newest first. */
    List<RunSummary> runs(String name) {
        List<RunSummary> all = store.runs();
        String flow = FlowFiles.named(shell, name);
        List<RunSummary> meant = all.stream()
                .filter(run ->
                        name.equals(String.valueOf(run.id())) || run.flow().equals(flow))
                .toList();
        if (meant.isEmpty()) {
            throw UserError.usage((isNumber(name)
                            ? "the store has no run " + name
                            : "the store has no run of a flow \"" + flow + "\"")
                    + known(flow, all));
        }
        return meant;
    }

    private static String known(String flow, List<RunSummary> all) {
        TreeSet<String> flows = new TreeSet<>();
        all.forEach(run -> flows.add(run.flow()));
        return flows.isEmpty()
                ? ": it has none."
                : Nearest.to(flow, flows)
                        .map(near -> ". Did you mean \"" + near + "\"?")
                        .orElse(". It has runs of " + String.join(", ", flows) + ".");
    }

    static boolean isNumber(String text) {
        return text.matches("\\d{1,18}");
    }

    /** Shows the letters of these runs that pass the filter, until told to stop. */
    void letters(List<RunSummary> runs, LetterFilter filter, Predicate<LetterView> next) {
        for (RunSummary run : runs) {
            if (run.deadLetters() > 0) {
                store.letters(run.id(), letter -> {
                    LetterView view = new LetterView(letter, run.flow());
                    return !filter.passes(view) || next.test(view);
                });
            }
        }
    }

    /** The letters of these numbers. */
    List<LetterView> letters(List<String> ids) {
        List<RunSummary> runs = store.runs();
        List<LetterView> letters = new ArrayList<>();
        for (String id : ids) {
            KeptLetter letter = store.letter(number(id))
                    .orElseThrow(() -> UserError.usage(
                            "there is no dead letter " + id + ". `millrace dead list` shows those there are."));
            String flow = runs.stream()
                    .filter(run -> run.id() == letter.run())
                    .findFirst()
                    .map(RunSummary::flow)
                    .orElse("");
            letters.add(new LetterView(letter, flow));
        }
        return letters;
    }

    private static long number(String id) {
        if (!isNumber(id)) {
            throw UserError.usage("\"" + id + "\" is not the number of a dead letter."
                    + " For those of a flow or run write `" + id + " --all`, or --filter JQ in place of --all.");
        }
        return Long.parseLong(id);
    }
}
