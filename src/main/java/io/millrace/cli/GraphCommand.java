package io.millrace.cli;

import io.millrace.flow.CheckedFlow;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "graph", description = "Draw a flow's stages as Mermaid or Graphviz text.")
final class GraphCommand implements Callable<Integer> {
    private final Shell shell;

    @Mixin
    CommonOptions common = new CommonOptions();

    @Mixin
    PluginsOption plugins = new PluginsOption();

    @Parameters(paramLabel = "FLOW", description = "A flow file.")
    Path flow = Path.of("");

    @Option(names = "--format", paramLabel = "mermaid|dot", description = "The language; default: mermaid.")
    GraphText.Format format = GraphText.Format.MERMAID;

    GraphCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        CheckedFlow checked = new FlowFiles(shell, plugins.in(shell.terminal().workingDirectory(), Optional.empty()))
                .check(flow, Map.of());
        if (!checked.isValid()) {
            new ProblemPrinter(shell.err(), common.paint(shell.terminal())).print(flow.toString(), checked.problems());
            return ExitCode.USAGE;
        }
        GraphText.of(checked.graph(), format).forEach(shell.out()::println);
        return ExitCode.DONE;
    }
}
