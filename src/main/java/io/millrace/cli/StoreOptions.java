package io.millrace.cli;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the state of durable flows is kept. */
final class StoreOptions {
    private static final String STATE_DIR = ".millrace";
    private static final String URI = "state.postgres.uri";

    @Option(
            names = "--store",
            paramLabel = "URI",
            description = "PostgreSQL that keeps the state of durable flows, postgresql://user:password@host/database; "
                    + "default: an embedded one.")
    @Nullable
    String store;

    @Option(
            names = "--state-dir",
            paramLabel = "DIR",
            description = "Where the embedded PostgreSQL keeps its data; default: " + STATE_DIR + ".")
    @Nullable
    Path stateDir;

    /** Whether the user names one. */
    boolean isGiven() {
        return store != null;
    }

    AppSettings settings(Shell shell, SettingsFile file, OptionalInt eventLoops) {
        Path dir = stateDir == null ? Path.of(file.find("state.dir").orElse(STATE_DIR)) : stateDir;
        return new AppSettings(shell.terminal().workingDirectory().resolve(dir), eventLoops, address(shell, file));
    }

    private Optional<String> address(Shell shell, SettingsFile file) {
        Optional<String> given = Optional.ofNullable(store);
        Optional<String> address = given.or(() -> file.find(URI));
        try {
            address.ifPresent(shell.tools().address());
            return address;
        } catch (IllegalArgumentException e) {
            String where = given.isPresent() ? "--store" : file.file() + ": /" + URI.replace('.', '/');
            throw UserError.usage(where + ": " + e.getMessage() + " Write postgresql://user:password@host/database.");
        }
    }
}
