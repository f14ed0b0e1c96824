package io.millrace.connect.exec;

import io.millrace.spi.Dynamic;
import io.millrace.spi.Field;
import io.millrace.spi.Settings;
import io.millrace.spi.Template;
import io.millrace.spi.Types;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** What step, source and sink have in common. */
final class ExecFields {
    private ExecFields() {}

    static final Field<Template> COMMAND = Field.of(
                    "command",
                    new ArgvType(),
                    "The program, looked up on PATH, and each of its arguments. No shell is involved.")
            .required()
            .example(List.of("wc", "-l", "${.path}"));
    static final Field<Map<String, Template>> ENV = Field.of(
                    "env",
                    Types.map(Types.template()),
                    "Environment variables, added to those that are inherited; null takes one away.")
            .example(Map.of("LC_ALL", "C"));
    static final Field<Dynamic<String>> CWD = Field.of(
                    "cwd", Types.dynamic(Types.string()), "The folder in which the program starts.")
            .defaultDoc("the working directory")
            .example("work/${.id}");
    static final Field<Duration> GRACE = Field.of(
                    "grace",
                    Types.duration(),
                    "How long the program and what it has started may take to end by themselves (SIGTERM) before they are"
                            + " killed (SIGKILL).")
            .byDefault("2s");
    static final Field<Long> MAX_LINE = Field.of(
                    "maxLine", Types.size(), "A longer line fails with LIMIT; the lines after it go on.")
            .byDefault("1MB");

    static final Field<Exits> EXPECT = Field.of(
                    "expect", Exits.TYPE, "The exit codes that are success, or \"any\"; others fail with REJECTED.")
            .byDefault(List.of(0));

    static int maxLine(Settings settings) {
        return (int) Math.min(settings.get(MAX_LINE), Integer.MAX_VALUE / 4);
    }
}
