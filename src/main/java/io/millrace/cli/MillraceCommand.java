package io.millrace.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "millrace",
        description = "Runs asynchronous I/O that a JSON file declares.",
        synopsisSubcommandLabel = "COMMAND")
final class MillraceCommand {
    /** What stands before the command counts for it as well. */
    @Mixin
    CommonOptions common = new CommonOptions();

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Print the version.")
    boolean version;
}
