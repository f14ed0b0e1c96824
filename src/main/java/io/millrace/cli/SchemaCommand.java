package io.millrace.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "schema",
        description = {
            "Print the JSON Schema of the flow language.",
            "An editor that knows it completes and checks flows: millrace schema > millrace.schema.json"
        })
final class SchemaCommand implements Callable<Integer> {
    private final Shell shell;

    @Mixin
    CommonOptions common = new CommonOptions();

    SchemaCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        shell.out().println(shell.tools().components().schema().toPrettyString());
        return ExitCode.DONE;
    }
}
