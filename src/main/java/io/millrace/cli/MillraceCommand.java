package io.millrace.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "millrace",
        description = "Runs asynchronous I/O that a JSON file declares.",
        synopsisSubcommandLabel = "COMMAND")
final class MillraceCommand {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Print this help.")
    boolean help;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Print the version.")
    boolean version;
}
