package io.millrace.store.embedded;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Small programs, run to their end in an environment that holds nothing but a PATH and the C locale. */
final class Command {
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final String STANDARD_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private Command() {}

    record Result(int exit, String output) {
        /** The last lines, indented, for an error message. */
        String tail() {
            return Command.tail(output);
        }
    }

    /** Where a program lies, by the PATH and then by the usual places. */
    static Optional<String> find(String program) {
        return Stream.of(searchPath().split(File.pathSeparator))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst()
                .map(Path::toString);
    }

    /** A process builder with a clean environment: no PGDATA, PGOPTIONS, LC_ALL of the user reaches PostgreSQL. */
    static ProcessBuilder builder(List<String> words, Path folder) {
        ProcessBuilder builder = new ProcessBuilder(words).directory(folder.toFile());
        Map<String, String> environment = builder.environment();
        environment.clear();
        environment.put("PATH", searchPath());
        environment.put("LC_ALL", "C");
        return builder;
    }

    /** Runs it; standard output and error together. A program that cannot be started ends as 127 with the reason. */
    static Result run(List<String> words) {
        return run(words, Path.of("/"));
    }

    /** As {@link #run(List)}, in a folder. */
    static Result run(List<String> words, Path folder) {
        try {
            Path output = Files.createTempFile("millrace-", ".out");
            try {
                return run(words, folder, output);
            } finally {
                Files.deleteIfExists(output);
            }
        } catch (IOException e) {
            return new Result(127, String.valueOf(e.getMessage()));
        }
    }

    private static Result run(List<String> words, Path folder, Path output) throws IOException {
        Process process = builder(words, folder)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        boolean ended = false;
        try {
            process.getOutputStream().close();
            ended = Waiting.until(LIMIT, () -> !process.isAlive());
        } finally {
            process.destroyForcibly();
        }
        String text = Files.readString(output, StandardCharsets.ISO_8859_1);
        return ended
                ? new Result(process.exitValue(), text)
                : new Result(124, text + "\nnot done after " + LIMIT.toMinutes() + " minutes");
    }

    static String tail(String text) {
        List<String> lines = text.strip().lines().toList();
        return lines.stream()
                .skip(Math.max(0, lines.size() - 8))
                .map(line -> "\n  " + line)
                .reduce("", String::concat);
    }

    private static String searchPath() {
        String path = System.getenv("PATH");
        return path == null || path.isEmpty() ? STANDARD_PATH : path + File.pathSeparator + STANDARD_PATH;
    }
}
