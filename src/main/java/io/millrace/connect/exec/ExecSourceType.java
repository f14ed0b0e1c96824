package io.millrace.connect.exec;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.millrace.spi.Assembly;
import io.millrace.spi.Field;
import io.millrace.spi.Settings;
import io.millrace.spi.Source;
import io.millrace.spi.SourceType;
import io.millrace.spi.Spec;
import io.millrace.spi.Types;

/** The source {@code exec}. */
final class ExecSourceType implements SourceType {
    static final Field<LineRecords> FORMAT = Field.of(
                    "format", Types.enumOf("format", LineRecords.class), "What a line is: text, or a JSON value.")
            .byDefault("lines");

    private static final Spec SPEC = Spec.source("exec", "Yields each line that a program prints.")
            .main(ExecFields.COMMAND)
            .fields(
                    FORMAT,
                    Restart.FIELD,
                    ExecFields.EXPECT,
                    ExecFields.MAX_LINE,
                    ExecFields.ENV,
                    ExecFields.CWD,
                    ExecFields.GRACE)
            .rule((settings, check) -> CoprocessFields.refusePerItem(settings, check, "the program"))
            .returns("the line as `{\"value\": \"…\"}`, or its JSON value; position: the line's number")
            .note("While the flow is busy the program waits: only some lines are read ahead.")
            .note(
                    "An exit code that is not expected fails the run, unless it is started again. What it says on standard error goes"
                            + " to the log.")
            .example("""
                    {
                      "source": { "exec": { "command": ["printf", "{\\"i\\": %s}\\\\n", 1, 2, 3], "format": "jsonl" } },
                      "steps": [{ "set": { "square": "${.i * .i}" } }]
                    }
                    """)
            .done();

    @Override
    public Spec spec() {
        return SPEC;
    }

    @Override
    public Source build(Settings settings, Assembly assembly) {
        Program program =
                new ProgramTemplate(settings, assembly).of(JsonNodeFactory.instance.objectNode(), assembly.variables());
        return new ExecSource(program, settings, assembly);
    }
}
