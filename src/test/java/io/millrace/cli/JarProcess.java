package io.millrace.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The packaged program as a process; what it prints goes to files, so that no pipe can hold it up. */
final class JarProcess {
    private static final int SECONDS = 120;
    static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();
    static final String JAR = System.getProperty("millrace.jar");

    private final Process process;
    private final Path out;
    private final Path err;

    private JarProcess(Path folder, List<String> command) {
        try {
            out = Files.createTempFile(folder, "out", ".txt");
            err = Files.createTempFile(folder, "err", ".txt");
            process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@code java -jar millrace.jar} with these arguments. */
    static JarProcess millrace(Path folder, String... arguments) {
        List<String> command = new ArrayList<>(List.of(JAVA, "-jar", JAR));
        command.addAll(List.of(arguments));
        return new JarProcess(folder, command);
    }

    /** The same, with SIGINT as at a terminal: a shell in the background makes its children ignore it. */
    static JarProcess atTerminal(Path folder, String... arguments) {
        List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT", JAVA, "-jar", JAR));
        command.addAll(List.of(arguments));
        return new JarProcess(folder, command);
    }

    static JarProcess command(Path folder, String... command) {
        return new JarProcess(folder, List.of(command));
    }

    int exitCode() {
        try {
            if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("still running after " + SECONDS + " s: " + err());
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    long pid() {
        return process.pid();
    }

    void signal(String name) {
        command(out.getParent(), "kill", "-" + name, String.valueOf(process.pid()))
                .exitCode();
    }

    String out() {
        return read(out);
    }

    String err() {
        return read(err);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
