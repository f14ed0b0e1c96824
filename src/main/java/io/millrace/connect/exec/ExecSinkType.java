package io.millrace.connect.exec;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.millrace.spi.Assembly;
import io.millrace.spi.Field;
import io.millrace.spi.Settings;
import io.millrace.spi.Sink;
import io.millrace.spi.SinkType;
import io.millrace.spi.Spec;
import io.millrace.spi.Template;
import io.millrace.spi.Types;
import java.time.Duration;

/** The sink {@code exec}. */
final class ExecSinkType implements SinkType {
    static final Field<Format> FORMAT = Field.of(
                    "format",
                    Types.enumOf("format", Format.class),
                    "What a line is: the item as JSON, or the text of its field `value`.")
            .byDefault("jsonl");
    static final Field<Template> TEXT = Field.of(
                    "text", Types.template(), "The line of each item, in place of its JSON.")
            .example("${.name} ${.price}");

    /** What a line is. */
    enum Format {
        JSONL,
        LINES
    }

    private static final Spec SPEC = Spec.sink("exec", "Writes each item as a line to the standard input of a program.")
            .main(ExecFields.COMMAND)
            .fields(FORMAT, TEXT, Restart.FIELD, ExecFields.EXPECT, ExecFields.ENV, ExecFields.CWD, ExecFields.GRACE)
            .rule((settings, check) -> CoprocessFields.refusePerItem(settings, check, "the program"))
            .batching(512, Duration.ofMillis(20))
            .note(
                    "At the end its input is closed, and the run waits until it ends: an exit code that is not expected fails"
                            + " the run. What it prints goes to the log.")
            .note(
                    "A program that ends before that rejects the items that come. With `restart` they wait for its next start; what the"
                            + " old one had not read from its pipe is lost.")
            .example("""
                    {
                      "source": { "range": 3 },
                      "sink": { "exec": { "command": ["sh", "-c", "sort -n | tail -n 1 >&2"], "text": "${.value}" } }
                    }
                    """)
            .done();

    @Override
    public Spec spec() {
        return SPEC;
    }

    @Override
    public Sink build(Settings settings, Assembly assembly) {
        Program program =
                new ProgramTemplate(settings, assembly).of(JsonNodeFactory.instance.objectNode(), assembly.variables());
        return new ExecSink(program, settings, assembly);
    }
}
