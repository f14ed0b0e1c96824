package io.millrace.cli;

import io.millrace.engine.Ledgers;
import io.millrace.flow.CheckedFlow;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options of commands that look into the store: that of the settings, or the one that a flow names with {@code "durable": "db"}. */
final class LedgerOptions {
    @Mixin
    StoreOptions store = new StoreOptions();

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description = "Settings file, such as conf/millrace.json; state is used.")
    @Nullable
    Path config;

    @Option(
            names = "--flow",
            paramLabel = "FILE",
            description = "Look into the store that this flow names with \"durable\": \"RESOURCE\".")
    @Nullable
    Path flow;

    @Option(
            names = {"-p", "--param"},
            paramLabel = "key=value",
            description = "A param of that flow, if its store depends on one. May be given several times.")
    Map<String, String> params = new LinkedHashMap<>();

    /** The store; empty where there is none yet: no server is started to find that out. */
    Optional<Stored> open(Shell shell) {
        return open(shell, null);
    }

    /** @param of what the command is about: if that is the file of a flow which names its store, that one is meant */
    Optional<Stored> open(Shell shell, @Nullable String of) {
        AppSettings settings = settings(shell);
        Optional<String> named =
                store.isGiven() ? Optional.empty() : file(shell, of).flatMap(file -> address(shell, file));
        boolean elsewhere = named.isPresent() && !named.get().equals(Ledgers.EMBEDDED);
        boolean there = elsewhere
                || (named.isEmpty() && settings.store().isPresent())
                || Files.isDirectory(settings.stateDir());
        return there ? Optional.of(new Stored(new Opening(shell.tools().works(), settings), named)) : Optional.empty();
    }

    private Optional<Path> file(Shell shell, @Nullable String of) {
        return Optional.ofNullable(flow).or(() -> Optional.ofNullable(of).flatMap(name -> FlowFiles.file(shell, name)));
    }

    private Optional<String> address(Shell shell, Path file) {
        Path here = shell.terminal().workingDirectory();
        EnvironmentDefaults.addPairs(shell.terminal().environment(), "MILLRACE_PARAM", params);
        CheckedFlow checked = new FlowFiles(shell, here.resolve("plugins")).check(file, params);
        return checked.isValid() ? Ledgers.address(checked) : Optional.empty();
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
