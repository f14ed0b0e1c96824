package io.millrace.cli;

import io.millrace.testkit.Program;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The packaged program as a process. */
final class JarProcess {
    static final String JAR = System.getProperty("millrace.jar");

    private JarProcess() {}

    /** {@code java -jar millrace.jar} with these arguments. */
    static Program millrace(Path folder, String... arguments) {
        return start(folder, List.of(Program.JAVA, "-jar", JAR), arguments);
    }

    /** The same, with SIGINT as at a terminal: a shell in the background makes its children ignore it. */
    static Program atTerminal(Path folder, String... arguments) {
        return start(folder, List.of("env", "--default-signal=INT", Program.JAVA, "-jar", JAR), arguments);
    }

    private static Program start(Path folder, List<String> program, String... arguments) {
        List<String> command = new ArrayList<>(program);
        command.addAll(List.of(arguments));
        return Program.command(folder, command.toArray(String[]::new));
    }
}
