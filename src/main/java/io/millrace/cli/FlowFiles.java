package io.millrace.cli;

import io.millrace.flow.CheckedFlow;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Finds and loads the flow files that a user names. */
record FlowFiles(Shell shell) {
    private static final int SHOWN = 6;

    CheckedFlow load(Path file, Map<String, String> params, Map<String, String> overrides) {
        requireReadable(file);
        return shell.tools().flows().load(file, params, overrides);
    }

    private void requireReadable(Path file) {
        Path real = shell.terminal().workingDirectory().resolve(file);
        String why = !Files.exists(real)
                ? "no such file" + nearby(real)
                : Files.isDirectory(real)
                        ? "it is a folder" + nearby(real.resolve("flow.json"))
                        : Files.isReadable(real) ? "" : "permission denied";
        if (!why.isEmpty()) {
            throw UserError.usage("cannot read flow " + file + ": " + why);
        }
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
        names.sort(Comparator.comparingInt((String name) -> Likeness.distance(name, wanted))
                .thenComparing(name -> name));
        if (names.isEmpty()) {
            return "";
        }
        return Likeness.close(names.get(0), wanted)
                ? ". Did you mean " + names.get(0) + "?"
                : ". There " + (names.size() == 1 ? "is " : "are ")
                        + String.join(", ", names.subList(0, Math.min(SHOWN, names.size())))
                        + (names.size() > SHOWN ? ", …" : ".");
    }
}
