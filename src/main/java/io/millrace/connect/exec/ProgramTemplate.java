package io.millrace.connect.exec;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.spi.Assembly;
import io.millrace.spi.Dynamic;
import io.millrace.spi.Failure;
import io.millrace.spi.Settings;
import io.millrace.spi.Template;
import io.millrace.spi.Variables;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The program of each item. */
final class ProgramTemplate {
    private final Template command;
    private final Map<String, Template> env;
    private final Optional<Dynamic<String>> cwd;
    private final Function<String, Path> path;

    ProgramTemplate(Settings settings, Assembly assembly) {
        this.command = settings.get(ExecFields.COMMAND);
        this.env = settings.find(ExecFields.ENV).orElse(Map.of());
        this.cwd = settings.find(ExecFields.CWD);
        this.path = assembly::path;
    }

    /** Throws BAD_DATA where the document does not give what a command needs. */
    Program of(JsonNode document, Variables variables) {
        String folder = cwd.map(text -> text.get(document, variables)).orElse("");
        return new Program(
                argv(command.eval(document, variables)),
                environment(document, variables),
                path.apply(folder).toAbsolutePath());
    }

    private static List<String> argv(JsonNode list) {
        List<String> argv = new ArrayList<>();
        list.forEach(argument -> argv.add(text(argument, "argument " + argv.size() + " of the command")));
        if (argv.isEmpty() || argv.get(0).isEmpty()) {
            throw Failure.badData(list.isArray() ? "the command names no program" : "the command is no list: " + list);
        }
        return List.copyOf(argv);
    }

    private static String text(JsonNode value, String what) {
        if (!value.isValueNode() || value.isNull()) {
            throw Failure.badData(what + " is no text: " + value);
        }
        return value.asText();
    }

    private Map<String, Optional<String>> environment(JsonNode document, Variables variables) {
        Map<String, Optional<String>> values = new LinkedHashMap<>();
        env.forEach((name, template) -> {
            JsonNode value = template.eval(document, variables);
            values.put(name, value.isNull() ? Optional.empty() : Optional.of(text(value, "env " + name)));
        });
        return values;
    }
}
