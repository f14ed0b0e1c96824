package io.millrace.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "show",
        description = "Print a dead letter as JSON: its error, $$meta, and the document as it entered the stage.")
final class DeadShowCommand implements Callable<Integer> {
    private final Shell shell;

    @Mixin
    CommonOptions common = new CommonOptions();

    @Mixin
    LedgerOptions ledger = new LedgerOptions();

    @Parameters(paramLabel = "ID", description = "Its number, as `millrace dead list` shows it.")
    String id = "";

    DeadShowCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        ledger.open(shell).ifPresentOrElse(this::show, () -> shell.err().println(ledger.none(shell)));
        return ExitCode.DONE;
    }

    private void show(Stored opened) {
        try (Stored store = opened) {
            new Choice(shell, store)
                    .letters(List.of(id))
                    .forEach(letter -> shell.out().println(letter.page()));
        }
    }
}
