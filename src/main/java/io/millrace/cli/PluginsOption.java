package io.millrace.cli;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where commands that read flows look for the jars of java steps. */
final class PluginsOption {
    private static final String DEFAULT = "plugins";

    @Option(
            names = "--plugins",
            paramLabel = "DIR",
            description = "Folder of jars with the classes of java steps; default: " + DEFAULT + ".")
    @Nullable
    Path folder;

    /** @param ofFile what the settings file says */
    Path in(Path workingDirectory, Optional<String> ofFile) {
        Path named = folder == null ? Path.of(ofFile.orElse(DEFAULT)) : folder;
        return workingDirectory.resolve(named).toAbsolutePath().normalize();
    }
}
