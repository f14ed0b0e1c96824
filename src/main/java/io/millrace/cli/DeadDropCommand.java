package io.millrace.cli;

import io.millrace.cli.LetterOptions.Chosen;
import io.millrace.cli.LetterOptions.Pick;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "drop",
        description = "Throw dead letters away for good: `drop 3 4`, `drop --filter JQ`, `drop pages --all`.")
final class DeadDropCommand implements Callable<Integer> {
    private final Shell shell;

    @Mixin
    CommonOptions common = new CommonOptions();

    @Mixin
    LedgerOptions ledger = new LedgerOptions();

    @Mixin
    LetterOptions letters = new LetterOptions();

    DeadDropCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        LetterFilter passing = letters.checked(shell);
        ledger.open(shell, letters.of()).ifPresentOrElse(store -> drop(store, passing), () -> say(ledger.none(shell)));
        return ExitCode.DONE;
    }

    private void drop(Stored opened, LetterFilter passing) {
        try (Stored store = opened) {
            List<Chosen> chosen = letters.chosen(shell, store, passing);
            if (chosen.isEmpty()) {
                say(letters.nothing());
            }
            for (Chosen of : chosen) {
                int gone = store.drop(of.letters().stream().map(Pick::id).toList());
                say(Words.count(gone, "dead letter") + " of run " + of.run().id() + " ("
                        + of.run().flow() + (gone == 1 ? ") is gone" : ") are gone"));
            }
        }
    }

    private void say(String line) {
        if (!common.quiet) {
            shell.err().println(line);
        }
    }
}
