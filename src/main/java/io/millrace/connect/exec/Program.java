package io.millrace.connect.exec;

import io.millrace.spi.Failure;
import io.millrace.spi.Failure.Kind;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What to start.
 *
 * @param argv the program and its arguments
 * @param env variables added to those inherited; empty takes one away
 * @param cwd the folder in which it starts
 */
record Program(List<String> argv, Map<String, Optional<String>> env, Path cwd) {
    /** Puts a program at the head of a session of its own, so that all it starts can be found; not everywhere to be had. */
    private static final Optional<Path> SETSID =
            onPath("setsid", String.valueOf(System.getenv("PATH")), Path.of("").toAbsolutePath());

    String name() {
        return argv.get(0);
    }

    /** Starts it. Blocks for some milliseconds. Throws REJECTED if it cannot be started. */
    ProcessTree start() {
        if (!Files.isDirectory(cwd)) {
            throw cannotStart("the folder " + cwd + " does not exist");
        }
        ProcessBuilder builder = new ProcessBuilder();
        Map<String, String> variables = builder.environment();
        try {
            env.forEach((name, value) ->
                    value.ifPresentOrElse(text -> variables.put(name, text), () -> variables.remove(name)));
            builder.command(command(find(variables.getOrDefault("PATH", "")))).directory(cwd.toFile());
            return new ProcessTree(builder.start(), SETSID.isPresent());
        } catch (IOException | IllegalArgumentException e) {
            throw cannotStart(reason(e));
        }
    }

    private List<String> command(Path executable) {
        List<String> command = new ArrayList<>();
        SETSID.ifPresent(setsid -> command.add(setsid.toString()));
        command.add(executable.toString());
        command.addAll(argv.subList(1, argv.size()));
        return command;
    }

    private Path find(String searched) {
        if (name().contains("/")) {
            Path file = cwd.resolve(name());
            if (!Files.exists(file)) {
                throw cannotStart("no such file");
            }
            if (!isProgram(file)) {
                throw cannotStart("it may not be executed");
            }
            return file;
        }
        return onPath(name(), searched, cwd).orElseThrow(() -> cannotStart("no such program on PATH"));
    }

    private static Optional<Path> onPath(String name, String searched, Path cwd) {
        Stream<String> folders = Arrays.stream(searched.split(File.pathSeparator, -1));
        return folders.map(folder -> cwd.resolve(folder).resolve(name))
                .filter(Program::isProgram)
                .findFirst();
    }

    private static boolean isProgram(Path file) {
        return Files.isRegularFile(file) && Files.isExecutable(file);
    }

    /** What the system says, without the call that failed: {@code …: error=7, Argument list too long}. */
    private static String reason(Exception e) {
        String text = String.valueOf(e.getMessage());
        int system = text.indexOf("error=");
        return system < 0 ? text : text.substring(text.indexOf(' ', system) + 1);
    }

    private Failure cannotStart(String why) {
        return Failure.of(Kind.REJECTED, "cannot start \"" + name() + "\": " + why);
    }
}
