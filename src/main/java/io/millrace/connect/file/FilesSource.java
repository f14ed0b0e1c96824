package io.millrace.connect.file;

import com.fasterxml.jackson.databind.node.TextNode;
import io.millrace.spi.Assembly;
import io.millrace.spi.Field;
import io.millrace.spi.Records;
import io.millrace.spi.Settings;
import io.millrace.spi.Source;
import io.millrace.spi.SourceType;
import io.millrace.spi.Spec;
import io.millrace.spi.Types;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Finds files. */
final class FilesSource implements SourceType {
    private static final Field<String> GLOB = Field.of(
                    "glob",
                    Types.string(),
                    "Which files: `*` and `?` within a name, `**` over folders, `[a-z]`, `{a,b}`.")
            .required()
            .example("conf/site/**/*.html");
    private static final Spec SPEC = Spec.source("files", "Yields each file that matches a pattern, sorted by path.")
            .main(GLOB)
            .returns("`{path, name, dir, size, modified}`: the path as the pattern has it, bytes, ISO 8601")
            .note("Files are found when the run starts. No match is no error; a folder that is not there is one.")
            .example("{\"source\": {\"files\": \"conf/site/category/toys/*.html\"}}")
            .done();

    @Override
    public Spec spec() {
        return SPEC;
    }

    @Override
    public Source build(Settings settings, Assembly assembly) {
        return new Found(settings.get(GLOB), assembly);
    }

    /** Position: the file's index in the sorted list. */
    private static final class Found implements Source {
        private final String glob;
        private final Assembly assembly;
        private final Path directory;
        private List<Path> files = List.of();
        private int next;

        Found(String glob, Assembly assembly) {
            this.glob = glob;
            this.assembly = assembly;
            this.directory = assembly.path("").toAbsolutePath().normalize();
        }

        @Override
        public Future<Void> open() {
            return assembly.blocking(this::find).map(found -> {
                files = found;
                return null;
            });
        }

        private List<Path> find() {
            try {
                boolean literal = Files.isRegularFile(directory.resolve(glob));
                return literal ? List.of(Path.of(glob)) : Glob.of(glob).find(directory);
            } catch (IOException e) {
                throw FileErrors.of("search", glob, directory, e);
            }
        }

        @Override
        public Future<Boolean> read(Records into) {
            int from = next;
            int to = Math.min(files.size(), from + into.room());
            next = to;
            return assembly.blocking(() -> {
                for (int i = from; i < to; i++) {
                    add(files.get(i), i, into);
                }
                return to < files.size();
            });
        }

        private void add(Path file, int position, Records into) {
            try {
                into.add(FileFacts.of(directory.resolve(file), file), position);
            } catch (IOException e) {
                into.bad(TextNode.valueOf(file.toString()), position, FileErrors.of("cannot read " + file, e));
            }
        }

        @Override
        public long expected() {
            return files.size();
        }
    }
}
