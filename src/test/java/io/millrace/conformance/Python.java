package io.millrace.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A CPython that has all that the programs use. */
record Python(String command, String version) {
    private static final Path HELPER = Path.of("src/test/resources/conformance").toAbsolutePath();
    private static final String ASK =
            "import sys; print('%d.%d.%d' % sys.version_info[:3]); sys.exit(sys.version_info < (3, 11))";

    /** The one on the path, if it is 3.11 or later. */
    static Optional<Python> find() {
        String command = System.getProperty("conformance.python", "python3");
        try {
            Process process = new ProcessBuilder(command, "-S", "-c", ASK).start();
            String version = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim();
            return process.waitFor() == 0 ? Optional.of(new Python(command, version)) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What the program prints; an exit code other than 0 is a line of its own. */
    String run(Path program, Path directory, Map<String, String> environment) {
        try {
            Path out = directory.resolve("python.out");
            Path errors = directory.resolve("python.err");
            Process process = start(program, directory, environment, out, errors);
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(program + " did not end; it has printed\n" + Files.readString(out));
            }
            String end = process.exitValue() == 0 ? "" : "{\"exit\": " + process.exitValue() + "}\n";
            String printed = Files.readString(out) + end;
            return printed.isEmpty() ? Files.readString(errors) : printed;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private Process start(Path program, Path directory, Map<String, String> environment, Path out, Path errors)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder(List.of(
                command, "-S", "-B", "-X", "utf8", program.toAbsolutePath().toString()));
        builder.environment().putAll(environment);
        builder.environment().put("PYTHONPATH", HELPER.toString());
        return builder.directory(directory.toFile())
                .redirectOutput(out.toFile())
                .redirectError(errors.toFile())
                .start();
    }
}
