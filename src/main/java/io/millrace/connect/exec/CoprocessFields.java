package io.millrace.connect.exec;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.millrace.spi.Assembly;
import io.millrace.spi.Check;
import io.millrace.spi.Field;
import io.millrace.spi.Settings;
import io.millrace.spi.Template;
import io.millrace.spi.Types;
import java.util.Map;

/** What the step {@code exec} takes as a co-process. */
final class CoprocessFields {
    private static final int MOST_BY_DEFAULT = 2;
    private static final int MAX_PROCESSES = 1000;
    private static final int MAX_WINDOW = 1_000_000;

    static final Field<Template> INPUT = Field.of(
                    "input", Types.template(), "What is sent to a co-process as one line of JSON.")
            .defaultDoc("the document")
            .example(Map.of("id", "${.id}"));
    static final Field<Integer> PROCESSES = Field.of(
                    "processes",
                    Types.integer(1, MAX_PROCESSES),
                    "How many co-processes each instance of the stage keeps.")
            .defaultDoc("one per core, at most " + MOST_BY_DEFAULT);
    static final Field<Integer> WINDOW = Field.of(
                    "window",
                    Types.integer(1, MAX_WINDOW),
                    "How many items may be with one co-process at a time; the stage's `concurrency` must allow for them.")
            .byDefault(256);

    private CoprocessFields() {}

    static CoprocessSettings read(Settings settings, Assembly assembly) {
        Program program =
                new ProgramTemplate(settings, assembly).of(JsonNodeFactory.instance.objectNode(), assembly.variables());
        return new CoprocessSettings(
                program,
                assembly.stage() + ": " + program.name(),
                settings.find(PROCESSES).orElseGet(CoprocessFields::byCores),
                settings.get(WINDOW),
                ExecFields.maxLine(settings),
                settings.get(ExecFields.GRACE));
    }

    private static int byCores() {
        return Math.min(MOST_BY_DEFAULT, Runtime.getRuntime().availableProcessors());
    }

    /** A process that stays cannot differ from item to item. */
    static void refusePerItem(Settings settings, Check check, String what) {
        settings.find(ExecFields.COMMAND)
                .filter(command -> !command.isStatic())
                .ifPresent(command -> refuse(settings, check, ExecFields.COMMAND, what));
        settings.find(ExecFields.ENV)
                .filter(env -> !env.values().stream().allMatch(Template::isStatic))
                .ifPresent(env -> refuse(settings, check, ExecFields.ENV, what));
    }

    private static void refuse(Settings settings, Check check, Field<?> field, String what) {
        check.error(
                settings.at().child(field.name()),
                "\"" + field + "\" depends on the item, but " + what + " is started before the first one.",
                "Use $params, $env, $resources and $run only.");
    }
}
