package io.millrace.connect.file;

import io.millrace.spi.Assembly;
import io.millrace.spi.Field;
import io.millrace.spi.Settings;
import io.millrace.spi.Sink;
import io.millrace.spi.SinkType;
import io.millrace.spi.Spec;
import io.millrace.spi.Template;
import io.millrace.spi.Types;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/** Sinks that write files: {@code jsonl}, {@code csv} and {@code file}. They differ in what a document looks like. */
final class FileSink implements SinkType {
    private static final Field<Template> PATH = Field.of(
                    "path",
                    new PathText(),
                    "Where to write, for each item; `.gz` compresses; folders are made as needed.")
            .required()
            .example("out/${.town}.jsonl");
    private static final Field<Mode> MODE = Field.of(
                    "mode", Types.enumOf("mode", Mode.class), "What becomes of a file that is there already.")
            .byDefault("replace");
    private static final Field<Settings> ROLL = Field.of(
            "roll", Types.object(Roll.SPEC), "When to begin another file; they are numbered `name-0001.ext` then.");
    private static final Field<List<String>> COLUMNS = Field.of(
                    "columns", Types.list(Types.string()), "The fields to write, in this order.")
            .defaultDoc("the fields of the first document")
            .example(List.of("id", "name"));
    private static final Field<Boolean> HEADER = Field.of(
                    "header", Types.bool(), "Whether a file begins with the names of its columns.")
            .byDefault(true);
    private static final Field<Template> TEXT = Field.of(
                    "text", Types.template(), "What to write for each item; what is no string is written as JSON.")
            .defaultDoc("the field `value`")
            .example("${.name}: ${.price}");
    private static final Field<Boolean> NEWLINE = Field.of(
                    "newline", Types.bool(), "Whether each item is followed by the end of a line.")
            .byDefault(true);

    static final FileSink JSONL = new FileSink(
            common(Spec.sink("jsonl", "Writes each item as a line of JSON to a file."))
                    .example(
                            "{\"source\": {\"jsonl\": \"conf/people.jsonl\"}, \"sink\": {\"jsonl\": \"out/by-town/${.town}.jsonl\"}}")
                    .done(),
            settings -> () -> JsonEncoder.INSTANCE);
    static final FileSink CSV = new FileSink(
            common(Spec.sink("csv", "Writes each item as a row of a CSV file."))
                    .fields(COLUMNS, HEADER, Dialect.DELIMITER, Dialect.QUOTE)
                    .target(COLUMNS, HEADER, Dialect.DELIMITER, Dialect.QUOTE)
                    .rule(Dialect::check)
                    .note(
                            "Without `columns` a document with a field that is no column is a dead letter; with them other fields are left"
                                    + " out. Null and absent are empty; lists and objects are written as JSON.")
                    .example(
                            "{\"source\": {\"jsonl\": \"conf/people.jsonl\"}, \"sink\": {\"csv\": {\"path\": \"out/people.csv\", "
                                    + "\"columns\": [\"id\", \"name\"]}}}")
                    .done(),
            FileSink::csv);
    static final FileSink FILE = new FileSink(
            common(Spec.sink("file", "Writes a text for each item to a file."))
                    .fields(TEXT, NEWLINE)
                    .example(
                            "{\"source\": {\"jsonl\": \"conf/people.jsonl\"}, \"sink\": {\"file\": {\"path\": \"out/people.txt\", "
                                    + "\"text\": \"${.id}. ${.name}\"}}}")
                    .done(),
            settings -> {
                Encoder encoder = new TextEncoder(settings.find(TEXT), settings.get(NEWLINE));
                return () -> encoder;
            });

    private final Spec spec;
    private final Function<Settings, Supplier<Encoder>> encoders;

    private FileSink(Spec spec, Function<Settings, Supplier<Encoder>> encoders) {
        this.spec = spec;
        this.encoders = encoders;
    }

    private static Spec.Builder common(Spec.Builder spec) {
        return spec.main(PATH)
                .fields(MODE, ROLL)
                .target(PATH, MODE, ROLL)
                .appendsTo(PATH)
                .refusedWhenDurable(new Spec.Refusal(
                        MODE,
                        written ->
                                written.path(MODE.name()).asText().equals("append") && !written.hasNonNull(ROLL.name()),
                        "A durable run appends to no file that it has not begun itself, so the next run could not write there.",
                        "Leave \"mode\" out and give each run its file, as by a parameter in the path; or add \"roll\": files are numbered"
                                + " then, and a run begins with the next number."))
                .batching(1000, Duration.ofMillis(50))
                .note(
                        "A file is written under its name with `.part` behind it and renamed at the end, so that nobody reads half of it;"
                                + " with `append`, and behind sources that never end, it is written in place, by whole lines.")
                .note(
                        "A path with templates gives each item its file, any number of them. Such a path stays below the folder that"
                                + " stands before the first template.")
                .note(
                        "A full disk makes the sink wait. A fixed path that cannot be written fails the run before it begins; one made of"
                                + " an item fails that item.");
    }

    private static Supplier<Encoder> csv(Settings settings) {
        Dialect dialect = Dialect.of(settings);
        boolean header = settings.get(HEADER);
        return () -> new CsvEncoder(dialect, header, settings.find(COLUMNS));
    }

    @Override
    public Spec spec() {
        return spec;
    }

    @Override
    public Sink build(Settings settings, Assembly assembly) {
        Roll roll = settings.find(ROLL).map(Roll::of).orElse(Roll.NEVER);
        Supplier<Encoder> made = encoders.apply(settings);
        PathTemplate path = PathTemplate.of(settings.get(PATH), assembly);
        OutFiles files = new OutFiles(settings.get(MODE), assembly.endless(), roll, made);
        DurableFiles durable =
                new DurableFiles(settings.get(MODE), assembly.endless(), roll, made, Disk.REAL, path::shown);
        return new PathSink(
                path,
                files,
                new DurableWork(path, durable, made.get()),
                roll,
                new SerialWorker(spec.name(), assembly),
                assembly.vertx());
    }
}
