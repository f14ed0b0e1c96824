package io.millrace.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
        name = "dead",
        description = {
            "List, show, replay or drop the dead letters of durable flows, which are in the store.",
            "A flow with \"durable\": \"db\" keeps them in that resource's database: name the flow's file, or --flow FILE beside numbers.",
            "Those of other flows are lines of NAME.dead.jsonl: `millrace run --replay` runs them again."
        },
        synopsisSubcommandLabel = "COMMAND")
final class DeadCommand implements Callable<Integer> {
    private final Shell shell;

    @Mixin
    CommonOptions common = new CommonOptions();

    @Spec
    CommandSpec spec = CommandSpec.create();

    DeadCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        spec.commandLine().usage(shell.out());
        return ExitCode.DONE;
    }
}
