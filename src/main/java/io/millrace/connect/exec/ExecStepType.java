package io.millrace.connect.exec;

import io.millrace.spi.Assembly;
import io.millrace.spi.Field;
import io.millrace.spi.Settings;
import io.millrace.spi.Spec;
import io.millrace.spi.Step;
import io.millrace.spi.StepType;
import io.millrace.spi.Template;
import io.millrace.spi.Types;
import java.util.List;

/** The step {@code exec}. */
final class ExecStepType implements StepType {
    static final Field<Template> STDIN = Field.of(
                    "stdin",
                    Types.template(),
                    "What the program reads from standard input: a string as it is, any other value as JSON.")
            .defaultDoc("nothing")
            .example("${.body}");
    static final Field<Exits> EXPECT = Field.of(
                    "expect", Exits.TYPE, "The exit codes that are success, or \"any\"; others fail with REJECTED.")
            .byDefault(List.of(0));
    static final Field<Long> MAX_OUTPUT = Field.of(
                    "maxOutput",
                    Types.size(),
                    "How much of each of its two outputs is kept; a program that prints more is ended and fails with LIMIT.")
            .byDefault("10MB");
    static final Field<ReadAs> READ = Field.of(
                    "read",
                    Types.enumOf("form", ReadAs.class),
                    "What standard output is: text, a json value, jsonl (a list), bytes (base64), or none (not kept).")
            .byDefault("text");

    private static final Spec SPEC = Spec.step("exec", "Runs a program for each item.")
            .main(ExecFields.COMMAND)
            .fields(STDIN, ExecFields.ENV, ExecFields.CWD, EXPECT, MAX_OUTPUT, ExecFields.GRACE, READ)
            .returns("{exit, stdout, stderr}")
            .note(
                    "An exit code that is not expected fails with REJECTED: `code` is the exit code, `body` the end of what it"
                            + " wrote to standard error.")
            .note(
                    "A timeout, a lost race or a cancelled run ends the program and all it has started: SIGTERM, then SIGKILL after"
                            + " `grace`. What it leaves running when it ends by itself is left alone, unless it holds a pipe of the"
                            + " program open: then it is ended too, after a second.")
            .note("Text is UTF-8; other bytes become U+FFFD. Line ends at the end stay: `trim` takes them off.")
            .example("""
                    {
                      "source": { "values": ["one two", "three"] },
                      "steps": [
                        { "exec": { "command": ["tr", "a-z", "A-Z"], "stdin": "${.value}" }, "as": "upper", "timeout": "10s" },
                        { "exec": { "command": ["wc", "-w"], "stdin": "${.value}", "read": "json" }, "as": "words" },
                        { "map": { "text": "${.upper.stdout}", "words": "${.words.stdout}" } }
                      ]
                    }
                    """)
            .done();

    @Override
    public Spec spec() {
        return SPEC;
    }

    @Override
    public Step build(Settings settings, Assembly assembly) {
        return new ExecStep(settings, assembly);
    }
}
