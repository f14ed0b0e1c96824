package io.millrace.cli;

import io.millrace.flow.CheckedFlow;
import io.millrace.flow.FlowReader;
import io.millrace.spi.Nearest;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Finds and loads the flow files that a user names.
 *
 * @param plugins the folder of jars, absolute
 */
record FlowFiles(Shell shell, Path plugins) {
    private static final int SHOWN = 6;

    /** The file that is meant, if a name is that of a flow's file. */
    static Optional<Path> file(Shell shell, String name) {
        boolean file = name.endsWith(".json")
                && Files.isRegularFile(shell.terminal().workingDirectory().resolve(name));
        return file ? Optional.of(Path.of(name)) : Optional.empty();
    }

    /** The name of the flow that a user means by its name or its file. */
    static String named(Shell shell, String name) {
        Path jars = shell.terminal().workingDirectory().resolve("plugins");
        return file(shell, name)
                .map(file -> new FlowFiles(shell, jars).check(file, Map.of()).name())
                .orElse(name);
    }

    /** Reads and checks a flow that is not going to run: params may lack their values. */
    CheckedFlow check(Path file, Map<String, String> params) {
        return read(file, params, Map.of(), "");
    }

    /** Reads and checks a flow for a run. */
    CheckedFlow load(Path file, Map<String, String> params, Map<String, String> overrides) {
        return read(file, params, overrides, UUID.randomUUID().toString());
    }

    private CheckedFlow read(Path file, Map<String, String> params, Map<String, String> overrides, String runId) {
        Terminal terminal = shell.terminal();
        String text = text(file, terminal.workingDirectory().resolve(file));
        return shell.tools()
                .flows()
                .read(new FlowReader.Request(
                        file.toString(),
                        text,
                        params,
                        terminal.environment(),
                        overrides,
                        runId,
                        terminal.workingDirectory().toAbsolutePath(),
                        plugins));
    }

    private static String text(Path named, Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw UserError.usage("cannot read flow " + named + ": " + reason(file, e));
        }
    }

    private static String reason(Path file, IOException e) {
        if (!Files.exists(file)) {
            return "no such file" + nearby(file);
        }
        if (Files.isDirectory(file)) {
            return "it is a folder" + nearby(file.resolve("flow.json"));
        }
        return e instanceof CharacterCodingException
                ? "it is not UTF-8 text"
                : Files.isReadable(file) ? String.valueOf(e.getMessage()) : "permission denied";
    }

    /** The JSON files of the folder, those with the most similar names first. */
    private static String nearby(Path missing) {
        Path folder = missing.toAbsolutePath().getParent();
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.json")) {
            files.forEach(file -> names.add(file.getFileName().toString()));
        } catch (IOException noFolder) {
            return "";
        }
        String wanted = missing.getFileName().toString();
        names.sort(Comparator.naturalOrder());
        if (names.isEmpty()) {
            return "";
        }
        return Nearest.to(wanted, names)
                .map(near -> ". Did you mean " + near + "?")
                .orElseGet(() -> ". There " + (names.size() == 1 ? "is " : "are ")
                        + String.join(", ", names.subList(0, Math.min(SHOWN, names.size())))
                        + (names.size() > SHOWN ? ", …" : "."));
    }
}
