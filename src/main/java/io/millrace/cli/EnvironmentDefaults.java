package io.millrace.cli;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Every option has a twin in the environment: {@code --state-dir} is {@code MILLRACE_STATE_DIR}. The command line wins. */
record EnvironmentDefaults(Map<String, String> environment) implements IDefaultValueProvider {
    @Override
    public @Nullable String defaultValue(ArgSpec arg) {
        // Options that may be given several times are read by their command: one pair a line.
        return arg instanceof OptionSpec option && hasTwin(option) && !option.isMultiValue()
                ? environment.get(twin(option))
                : null;
    }

    static List<String> twins(CommandSpec command) {
        return command.options().stream()
                .filter(EnvironmentDefaults::hasTwin)
                .map(EnvironmentDefaults::twin)
                .toList();
    }

    /** Pairs of an option that may be given several times, one a line. */
    static void addPairs(Map<String, String> environment, String twin, Map<String, String> into) {
        environment
                .getOrDefault(twin, "")
                .lines()
                .filter(line -> !line.isBlank())
                .forEach(line -> {
                    int equals = line.indexOf('=');
                    if (equals < 1) {
                        throw UserError.usage(twin + ": \"" + line + "\" is not key=value. Write one pair a line.");
                    }
                    into.putIfAbsent(line.substring(0, equals).strip(), line.substring(equals + 1));
                });
    }

    private static boolean hasTwin(OptionSpec option) {
        return !option.usageHelp() && !option.versionHelp();
    }

    private static String twin(OptionSpec option) {
        return "MILLRACE_"
                + option.longestName().replaceFirst("^-+", "").replace('-', '_').toUpperCase(Locale.ROOT);
    }
}
