package io.millrace.connect.file;

import io.millrace.spi.Assembly;
import io.millrace.spi.Field;
import io.millrace.spi.Settings;
import io.millrace.spi.Source;
import io.millrace.spi.SourceType;
import io.millrace.spi.Spec;
import io.millrace.spi.Types;

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
            .replayable()
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
        return new FoundFiles(settings.get(GLOB), assembly);
    }
}
