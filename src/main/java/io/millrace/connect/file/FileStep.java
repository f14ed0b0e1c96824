package io.millrace.connect.file;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.spi.Assembly;
import io.millrace.spi.Check;
import io.millrace.spi.Field;
import io.millrace.spi.Frame;
import io.millrace.spi.Settings;
import io.millrace.spi.Spec;
import io.millrace.spi.Step;
import io.millrace.spi.StepType;
import io.millrace.spi.Template;
import io.millrace.spi.Types;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/** Does one thing with one file. */
final class FileStep implements StepType {
    private static final Field<Template> READ = path("read", "The file to read.");
    private static final Field<Template> WRITE = path("write", "The file to write; folders are made as needed.");
    private static final Field<Template> APPEND =
            path("append", "The file to append to; it is made if it is not there.");
    private static final Field<Template> DELETE = path("delete", "The file to delete.");
    private static final Field<Template> STAT = path("stat", "The file to ask about.");
    private static final Field<Template> TEXT = Field.of(
                    "text", Types.template(), "What to write, as UTF-8; what is no string is written as JSON.")
            .example("${.page.body}");
    private static final Field<Template> BYTES =
            Field.of("bytes", Types.template(), "What to write, as base64.").example("${.page.body}");
    private static final Field<FileWork.Format> FORMAT = Field.of(
                    "format",
                    Types.enumOf("format", FileWork.Format.class),
                    "What reading gives: the text, or its bytes as base64.")
            .byDefault("text");
    private static final Field<Long> MAX_SIZE = Field.of(
                    "maxSize", Types.size(), "Reading a larger file fails as LIMIT.")
            .byDefault("10MB");
    private static final List<Field<Template>> ACTIONS = List.of(READ, WRITE, APPEND, DELETE, STAT);

    private static final Spec SPEC = Spec.step("file", "Reads, writes, appends to, deletes or asks about a file.")
            .hasEffects()
            .fields(READ, WRITE, APPEND, DELETE, STAT, TEXT, BYTES, FORMAT, MAX_SIZE)
            .rule(FileStep::oneAction)
            .rule(FileStep::content)
            .returns(
                    "`read`: the text, or base64. `write`, `append`: `{path, bytes}`. `delete`: whether it was there. `stat`:"
                            + " `{path, name, dir, size, modified}`, or null if there is no such file")
            .note("`write` replaces a file at once: whoever reads it sees the old content or the new.")
            .note(
                    "A path that an item has a say in stays below the folder that stands before the first template, for `write`, `append`"
                            + " and `delete` else below the working directory.")
            .note("A file that is not there is REJECTED with the code ENOENT; text that is not UTF-8 is BAD_DATA.")
            .example("{\"source\": {\"values\": [{\"name\": \"ada\", \"born\": 1815}]}, \"steps\": ["
                    + "{\"file\": {\"write\": \"out/people/${.name}.json\", \"text\": \"${.}\"}}, "
                    + "{\"file\": {\"read\": \"${.file.path}\"}, \"as\": \"text\"}]}")
            .done();

    private static Field<Template> path(String name, String doc) {
        return Field.of(name, new PathText(), doc).example("out/${.id}.txt");
    }

    private static void oneAction(Settings settings, Check check) {
        long actions = ACTIONS.stream().filter(settings::has).count();
        if (actions != 1) {
            check.error(
                    settings.at(),
                    actions == 0 ? "`file` is not told what to do." : "`file` does one thing at a time.",
                    "Set one of read, write, append, delete, stat.");
        }
    }

    private static void content(Settings settings, Check check) {
        boolean writes = settings.has(WRITE) || settings.has(APPEND);
        if (writes && settings.has(TEXT) == settings.has(BYTES)) {
            check.error(settings.at(), "It is not clear what to write.", "Set either \"text\" or \"bytes\".");
        }
    }

    @Override
    public Spec spec() {
        return SPEC;
    }

    @Override
    public Step build(Settings settings, Assembly assembly) {
        Field<Template> action =
                ACTIONS.stream().filter(settings::has).findFirst().orElseThrow();
        PathTemplate path = PathTemplate.of(settings.get(action), assembly);
        return frame -> frame.scope().blocking("default", work(action, path, settings, frame));
    }

    /** What the worker is to do; all that reads the frame is done here, on the event loop. */
    private static Callable<JsonNode> work(Field<Template> action, PathTemplate path, Settings settings, Frame frame) {
        boolean looks = action == READ || action == STAT;
        Path file =
                looks && !path.hasRoot() ? path.anywhere(frame.document(), frame) : path.of(frame.document(), frame);
        FileWork work = new FileWork(file, path.shown(file));
        if (action == READ) {
            return () -> work.read(settings.get(FORMAT), settings.get(MAX_SIZE));
        }
        if (action == DELETE) {
            return work::delete;
        }
        if (action == STAT) {
            return work::stat;
        }
        byte[] bytes = FileWork.content(evaluated(TEXT, settings, frame), evaluated(BYTES, settings, frame));
        return action == WRITE ? () -> work.write(bytes) : () -> work.append(bytes);
    }

    private static Optional<JsonNode> evaluated(Field<Template> field, Settings settings, Frame frame) {
        return settings.find(field).map(template -> template.eval(frame));
    }
}
