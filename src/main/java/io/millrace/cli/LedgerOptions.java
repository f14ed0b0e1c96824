package io.millrace.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options of commands that look into the store. */
final class LedgerOptions {
    @Mixin
    StoreOptions store = new StoreOptions();

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description = "Settings file, such as conf/millrace.json; state is used.")
    @Nullable
    Path config;

    /** The store; empty where there is none yet: no server is started to find that out. */
    Optional<Stored> open(Shell shell) {
        AppSettings settings = settings(shell);
        boolean there = settings.store().isPresent() || Files.isDirectory(settings.stateDir());
        return there ? Optional.of(new Stored(new Opening(shell.tools().works(), settings))) : Optional.empty();
    }

    /** What to say where there is none. */
    String none(Shell shell) {
        Path here = shell.terminal().workingDirectory();
        Path folder = settings(shell).stateDir();
        return "there is no store yet: no durable flow has kept anything in "
                + (folder.startsWith(here) ? here.relativize(folder) : folder)
                + ". --state-dir or --store names another.";
    }

    private AppSettings settings(Shell shell) {
        SettingsFile file = config == null
                ? SettingsFile.NONE
                : SettingsFile.read(shell.terminal().workingDirectory(), config);
        return store.settings(shell, file, OptionalInt.empty());
    }
}
