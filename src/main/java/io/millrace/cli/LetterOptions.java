package io.millrace.cli;

import io.millrace.ledger.RunSummary;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which dead letters to do something to: some by their numbers, or those of a flow or run. */
final class LetterOptions {
    @Parameters(
            arity = "0..*",
            paramLabel = "ID",
            description =
                    "Numbers of dead letters; with --filter or --all instead a flow's name or file, or a run's number.")
    List<String> names = new ArrayList<>();

    @Option(
            names = "--filter",
            paramLabel = "JQ",
            description = "Those for which this is true; it sees {id, run, flow, stage, at, error, meta, document}.")
    @Nullable
    String filter;

    @Option(names = "--all", description = "All of the flow or run, or of the store.")
    boolean all;

    /** A letter without its document: there may be a million. */
    record Pick(long id, String stage, boolean isUnreadable) {}

    /** Letters of one run. */
    record Chosen(RunSummary run, List<Pick> letters) {}

    /** What is named first: perhaps a flow's file, and with it a store. */
    @Nullable
    String of() {
        return names.isEmpty() ? null : names.get(0);
    }

    /** To be called before anything is opened. */
    LetterFilter checked(Shell shell) {
        if (filter != null && all) {
            throw UserError.usage("--filter and --all exclude each other.");
        }
        if (filter == null && !all && names.isEmpty()) {
            throw UserError.usage("say which dead letters: numbers, --filter JQ or --all.");
        }
        if ((filter != null || all) && names.size() > 1) {
            throw UserError.usage("--filter and --all take one flow or run.");
        }
        return LetterFilter.of(filter, shell);
    }

    /** What to say where none is chosen. */
    String nothing() {
        return filter == null ? "there are no dead letters" : "no dead letter passes the filter";
    }

    /** The letters by run, the oldest run first. */
    List<Chosen> chosen(Shell shell, Stored store, LetterFilter passing) {
        Choice choice = new Choice(shell, store);
        Map<Long, List<Pick>> byRun = new TreeMap<>();
        if (filter == null && !all) {
            choice.letters(List.copyOf(new LinkedHashSet<>(names))).forEach(letter -> add(letter, byRun));
        } else {
            List<RunSummary> runs = names.isEmpty() ? store.runs() : choice.runs(names.get(0));
            choice.letters(runs, passing, letter -> add(letter, byRun));
        }
        return store.runs().stream()
                .filter(run -> byRun.containsKey(run.id()))
                .sorted((one, other) -> Long.compare(one.id(), other.id()))
                .map(run -> new Chosen(run, byRun.getOrDefault(run.id(), List.of())))
                .toList();
    }

    private static boolean add(LetterView letter, Map<Long, List<Pick>> byRun) {
        return byRun.computeIfAbsent(letter.kept().run(), run -> new ArrayList<>())
                .add(new Pick(letter.kept().id(), letter.kept().letter().stage(), letter.isUnreadable()));
    }
}
