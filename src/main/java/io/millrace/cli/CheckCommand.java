package io.millrace.cli;

import io.millrace.flow.CheckedFlow;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "check",
        description = {
            "Tell everything that is wrong with flows, without running them.",
            "Exits with 2 if any has an error."
        })
final class CheckCommand implements Callable<Integer> {
    private final Shell shell;

    @Mixin
    CommonOptions common = new CommonOptions();

    @Mixin
    PluginsOption plugins = new PluginsOption();

    @Parameters(arity = "1..*", paramLabel = "FLOW", description = "Flow files.")
    List<Path> flows = new ArrayList<>();

    @Option(
            names = {"-p", "--param"},
            paramLabel = "key=value",
            description = "The value of a param, as for run. May be given several times.")
    Map<String, String> params = new LinkedHashMap<>();

    CheckCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        EnvironmentDefaults.addPairs(shell.terminal().environment(), "MILLRACE_PARAM", params);
        return flows.stream().mapToInt(this::check).max().orElse(ExitCode.DONE);
    }

    private int check(Path flow) {
        try {
            return report(
                    flow,
                    new FlowFiles(shell, plugins.in(shell.terminal().workingDirectory(), Optional.empty()))
                            .check(flow, params));
        } catch (UserError unreadable) {
            shell.err().println(unreadable.getMessage());
            return unreadable.exitCode();
        }
    }

    private int report(Path flow, CheckedFlow checked) {
        var shown = checked.problems().stream()
                .filter(problem -> problem.isError() || !common.quiet)
                .toList();
        new ProblemPrinter(shell.err(), common.paint(shell.terminal())).print(flow.toString(), shown);
        if (!checked.isValid()) {
            return ExitCode.USAGE;
        }
        if (!common.quiet) {
            shell.out()
                    .println(flow + ": ok ("
                            + Words.count(checked.graph().nodes().size(), "stage") + ")");
            checked.delivery().forEach(line -> shell.out().println("  " + line));
        }
        return ExitCode.DONE;
    }
}
