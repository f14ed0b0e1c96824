package io.millrace.testkit;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A process of its own; what it prints goes to files, so that no pipe can hold it up. */
public final class Program implements AutoCloseable {
    public static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    private static final Duration PATIENCE = Duration.ofSeconds(120);

    /** Small, and quick to start: there are many of them, one after another. */
    private static final List<String> SMALL =
            List.of("-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto");

    /** A test that is itself ended leaves none of them behind. */
    private static final Set<Process> LIVE = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> LIVE.forEach(Process::destroyForcibly)));
    }

    private final Process process;
    private final Path out;
    private final Path err;

    private Program(Path folder, Map<String, String> environment, List<String> command) {
        try {
            out = Files.createTempFile(folder, "out", ".txt");
            err = Files.createTempFile(folder, "err", ".txt");
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile());
            builder.environment().putAll(environment);
            process = builder.start();
            LIVE.add(process);
            process.onExit().thenRun(() -> LIVE.remove(process));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @param folder its working directory */
    public static Program command(Path folder, String... command) {
        return new Program(folder, Map.of(), List.of(command));
    }

    /** The command line tool from the classes of this build, for tests that run before there is a jar. */
    public static Program millrace(Path folder, Map<String, String> environment, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(JAVA));
        command.addAll(SMALL);
        command.addAll(List.of("-cp", classPath(), "io.millrace.Main"));
        command.addAll(arguments);
        return new Program(folder, environment, command);
    }

    /** Without the tests: theirs is another way to log. */
    private static String classPath() {
        Path tests = Path.of(Program.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .getPath());
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !Path.of(entry).equals(tests))
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** Waits for its end. */
    public int exitCode() {
        return exitCode(PATIENCE);
    }

    public int exitCode(Duration patience) {
        if (!endsWithin(patience)) {
            kill();
            throw new AssertionError("still running after " + patience.toSeconds() + " s: " + err());
        }
        return process.exitValue();
    }

    /** Waits, and tells whether it has ended. */
    public boolean endsWithin(Duration time) {
        try {
            return process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    public long pid() {
        return process.pid();
    }

    /** @param name as {@code kill} takes it */
    public void signal(String name) {
        try (Program kill = command(out.getParent(), "kill", "-" + name, String.valueOf(process.pid()))) {
            kill.exitCode();
        }
    }

    /** SIGKILL; returns when the process, and no other, is gone. */
    public void kill() {
        process.destroyForcibly();
        endsWithin(PATIENCE);
    }

    public String out() {
        return read(out);
    }

    public String err() {
        return read(err);
    }

    @Override
    public void close() {
        kill();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
