package io.millrace.connect.exec;

import io.millrace.spi.Assembly;
import io.millrace.spi.Check;
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

    private static final Field<Mode> MODE = Field.of(
                    "mode",
                    Types.enumOf("mode", Mode.class),
                    "Whether the program is run for each item, or runs on as a coprocess that answers lines of JSON.")
            .byDefault("item");
    private static final List<Field<?>> OF_ITEM = List.of(STDIN, ExecFields.EXPECT, MAX_OUTPUT, READ);
    private static final List<Field<?>> OF_COPROCESS =
            List.of(CoprocessFields.INPUT, CoprocessFields.PROCESSES, CoprocessFields.WINDOW, ExecFields.MAX_LINE);

    /** How the program meets the items. */
    enum Mode {
        ITEM,
        COPROCESS
    }

    private static final Spec SPEC = Spec.step(
                    "exec", "Runs a program for each item, or sends items through programs that run on.")
            .hasEffects()
            .main(ExecFields.COMMAND)
            .fields(MODE, STDIN, ExecFields.ENV, ExecFields.CWD, ExecFields.EXPECT, MAX_OUTPUT, ExecFields.GRACE, READ)
            .fields(OF_COPROCESS.toArray(Field[]::new))
            .rule(ExecStepType::check)
            .returns("{exit, stdout, stderr}; of a co-process, the value in the line that it answers")
            .note(
                    "An exit code that is not expected fails with REJECTED: `code` is the exit code, `body` the end of what it"
                            + " wrote to standard error.")
            .note(
                    "A timeout, a lost race or a cancelled run ends the program and all it has started: SIGTERM, then SIGKILL after"
                            + " `grace`. What it leaves running when it ends by itself is left alone, unless it holds a pipe of the"
                            + " program open: then it is ended too, after a second.")
            .note("Text is UTF-8; other bytes become U+FFFD. Line ends at the end stay: `trim` takes them off.")
            .note(
                    "A co-process reads one line of JSON for each item and prints one line of JSON for each, in the same order. A line"
                            + " {\"$error\": …} is a failure of that item: a text, or {kind, message, retryable, code}. It must flush"
                            + " its output before it waits for input. What it says on standard error goes to the log.")
            .note(
                    "A co-process that dies is started again, after a growing pause; what it had not answered fails with UNREACHABLE,"
                            + " which `retry` takes up. One that prints a line that is no JSON is ended and started again. One that"
                            + " hangs is found by the step's `timeout`: if it stays silent for `grace` over a cancelled item, it is"
                            + " started again.")
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
        return settings.get(MODE) == Mode.COPROCESS
                ? new CoprocessStep(settings, assembly)
                : new ExecStep(settings, assembly);
    }

    private static void check(Settings settings, Check check) {
        boolean coprocess = settings.get(MODE) == Mode.COPROCESS;
        for (Field<?> field : coprocess ? OF_ITEM : OF_COPROCESS) {
            if (settings.has(field)) {
                check.error(
                        settings.at().child(field.name()),
                        "\"" + field + "\" means nothing " + (coprocess ? "to a co-process." : "without a co-process."),
                        coprocess ? "Remove it." : "Remove it, or set \"mode\": \"coprocess\".");
            }
        }
        if (coprocess) {
            CoprocessFields.refusePerItem(settings, check, "a co-process");
        }
    }
}
