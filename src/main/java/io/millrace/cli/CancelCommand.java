package io.millrace.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.control.LocalRuns;
import io.millrace.control.LocalRuns.Found;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "cancel",
        description = {
            "Cancel a run of this machine, or one of its items.",
            "What is in flight is cancelled at once and cleans up; what is unfinished goes to the run's dead letters as CANCELLED. "
                    + "To let it finish what is in flight, send SIGTERM instead."
        })
final class CancelCommand implements Callable<Integer> {
    private final Shell shell;

    @Mixin
    CommonOptions common = new CommonOptions();

    @Parameters(
            index = "0",
            paramLabel = "RUN",
            description = "Its id or the beginning of it, its flow's name, or its pid.")
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
            Found found = Nearby.find(nearby, run);
            if (item != null) {
                Nearby.await(nearby.cancelItem(found, item));
                say("cancelled " + item + " of " + found.flow());
            } else {
                say(ended(found, Nearby.await(nearby.cancel(found))));
            }
        }
        return ExitCode.DONE;
    }

    private static String ended(Found run, JsonNode last) {
        Duration time = Duration.ofMillis(last.path("elapsedMs").asLong());
        long dead = last.path("deadLetters").asLong();
        return "cancelled " + run.flow() + " (" + Nearby.shortId(run) + ") after " + Words.time(time)
                + (dead == 0 ? "" : ": " + Words.count(dead, "dead letter"));
    }

    private void say(String line) {
        if (!common.quiet) {
            shell.err().println(line);
        }
    }
}
