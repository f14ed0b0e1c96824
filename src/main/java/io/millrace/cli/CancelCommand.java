package io.millrace.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.control.LocalRuns;
import io.millrace.control.LocalRuns.Found;
import io.millrace.ledger.Ledger;
import io.millrace.ledger.RunState;
import io.millrace.ledger.RunSummary;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "cancel",
        description = {
            "Cancel a run of this machine or an unfinished run of the store, or one of its items.",
            "What is in flight is cancelled at once and cleans up; what is unfinished goes to the run's dead letters as CANCELLED. "
                    + "A durable run is given up for good, on whatever machine it runs: it is not resumed. "
                    + "To let a run finish what is in flight, send SIGTERM to its process instead."
        })
final class CancelCommand implements Callable<Integer> {
    private final Shell shell;

    @Mixin
    CommonOptions common = new CommonOptions();

    @Mixin
    LedgerOptions ledger = new LedgerOptions();

    @Parameters(
            index = "0",
            paramLabel = "RUN",
            description =
                    "Its number in the store, its id or the beginning of it, its flow's name or file, or its pid.")
    String run = "";

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "ITEM",
            description = "An item's id, as $$meta.id shows it: cancels this alone.")
    @Nullable
    String item;

    CancelCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        try (LocalRuns nearby = shell.tools().nearby().get()) {
            List<Found> all = ofThisStore(Nearby.list(nearby));
            List<Found> found = Nearby.find(all, FlowFiles.named(shell, run));
            if (item != null) {
                cancelItem(nearby, all, found, item);
            } else if (found.isEmpty()) {
                cancelStored(all);
            } else {
                List<Future<JsonNode>> ends = found.stream().map(nearby::cancel).toList();
                say(ended(
                        found.get(0),
                        Nearby.await(Future.all(ends).map(done -> ends.get(0).result()))));
            }
        }
        return ExitCode.DONE;
    }

    /** Stores number their runs alike: where there is a store here, a number means a run of that one. */
    private List<Found> ofThisStore(List<Found> all) {
        Optional<Stored> opened = all.stream().anyMatch(this::hasNumber) ? ledger.open(shell, run) : Optional.empty();
        if (opened.isEmpty()) {
            return all;
        }
        try (Stored store = opened.get()) {
            String id = store.of(Ledger::storeId).toString();
            return all.stream()
                    .filter(found -> !hasNumber(found)
                            || found.view().path("store").asText().equals(id))
                    .toList();
        }
    }

    private boolean hasNumber(Found found) {
        return found.view().path("run").asText().equals(run);
    }

    /** In whatever process it runs. */
    private void cancelItem(LocalRuns nearby, List<Found> all, List<Found> found, String id) {
        if (found.isEmpty()) {
            throw Nearby.unknown(all, run);
        }
        List<Future<JsonNode>> answers =
                found.stream().map(one -> nearby.cancelItem(one, id)).toList();
        Nearby.await(Future.any(answers)
                .recover(none -> Future.failedFuture(answers.get(0).cause())));
        say("cancelled " + id + " of " + found.get(0).flow());
    }

    private static String ended(Found run, JsonNode last) {
        Duration time = Duration.ofMillis(last.path("elapsedMs").asLong());
        long dead = last.path("deadLetters").asLong();
        boolean kept = run.view().has("run");
        return "cancelled " + run.flow() + " (" + (kept ? "run " : "") + Nearby.shortId(run) + ") after "
                + Words.time(time) + (dead == 0 ? "" : ": " + Words.count(dead, "dead letter"))
                + (kept ? "; it will not be resumed" : "");
    }

    private void cancelStored(List<Found> all) {
        Stored opened = ledger.open(shell, run).orElseThrow(() -> Nearby.unknown(all, run));
        try (Stored store = opened) {
            RunSummary meant = unfinished(new Choice(shell, store).runs(run));
            boolean ended = store.cancel(meant.id());
            say("run " + meant.id() + " (" + meant.flow() + ") "
                    + (ended ? "is cancelled; it will not be resumed" + where(meant) : "has just come to its end"));
        }
    }

    private static String where(RunSummary run) {
        return run.runningOn() == null ? "" : ". It was under way on " + run.runningOn() + ", and stops there now";
    }

    private static RunSummary unfinished(List<RunSummary> meant) {
        List<RunSummary> open =
                meant.stream().filter(run -> run.state() == RunState.UNFINISHED).toList();
        if (open.isEmpty()) {
            RunSummary last = meant.get(0);
            throw UserError.usage("run " + last.id() + " (" + last.flow() + ") is " + Words.lower(last.state())
                    + ": there is nothing to cancel.");
        }
        if (open.size() > 1) {
            throw UserError.usage(
                    "\"" + open.get(0).flow() + "\" has several unfinished runs, with params of their own: "
                            + open.stream().map(run -> String.valueOf(run.id())).collect(Collectors.joining(", "))
                            + ". Say which by its number; `millrace runs` tells when each began.");
        }
        return open.get(0);
    }

    private void say(String line) {
        if (!common.quiet) {
            shell.err().println(line);
        }
    }
}
