package io.millrace.connect.file;

import io.millrace.spi.Field;
import io.millrace.spi.Settings;
import io.millrace.spi.Spec;
import io.millrace.spi.Types;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * When to begin another file: files are numbered then, {@code out-0001.jsonl}, {@code out-0002.jsonl}.
 *
 * @param size bytes after which a file is full
 * @param age time after which it is
 */
record Roll(long size, Duration age) {
    private static final Pattern NUMBERED = Pattern.compile("(.[^.]*)-(\\d{4,9})((?:\\..*)?)");

    private static final Field<Long> SIZE = Field.of("size", Types.size(), "A file that has reached this size is full.")
            .defaultDoc("no bound")
            .example("100MB");
    private static final Field<Duration> TIME = Field.of("time", Types.duration(), "A file as old as this is full.")
            .defaultDoc("no bound")
            .example("1h");
    static final Spec SPEC = Spec.object("roll", "When to close a file, give it its name, and begin the next.")
            .fields(SIZE, TIME)
            .rule((settings, check) -> {
                if (settings.at().json().isEmpty()) {
                    check.error(settings.at(), "\"roll\" has no bound.", "Set \"size\", \"time\" or both.");
                }
            })
            .done();

    /** For ever the same file. */
    static final Roll NEVER = new Roll(Long.MAX_VALUE, Duration.ofDays(100_000));

    static Roll of(Settings settings) {
        return new Roll(
                settings.find(SIZE).orElse(NEVER.size), settings.find(TIME).orElse(NEVER.age));
    }

    boolean isNever() {
        return equals(NEVER);
    }

    /** {@code dir/name.jsonl.gz} and 7: {@code dir/name-0007.jsonl.gz}. */
    static Path numbered(Path path, int number) {
        String name = path.getFileName().toString();
        int dot = name.indexOf('.', 1);
        String stem = dot < 0 ? name : name.substring(0, dot);
        String extension = dot < 0 ? "" : name.substring(dot);
        return path.resolveSibling(String.format("%s-%04d%s", stem, number, extension));
    }

    /** The path and number that {@link #numbered} has made this of; empty if it has not. */
    static Optional<Numbered> unnumbered(Path path) {
        Matcher name = NUMBERED.matcher(path.getFileName().toString());
        return name.matches()
                ? Optional.of(new Numbered(
                        path.resolveSibling(name.group(1) + name.group(3)), Integer.parseInt(name.group(2))))
                : Optional.empty();
    }

    /** A file of a row of files. */
    record Numbered(Path path, int number) {}
}
