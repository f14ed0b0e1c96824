package io.millrace.cli;

import java.io.File;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The terminal of this process. Always UTF-8: JSON is, whatever the locale says. */
public final class SystemTerminal {
    private static final int COLUMNS = 80;
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    private SystemTerminal() {}

    public static Terminal open() {
        boolean err = isTerminal(2);
        return new Terminal(
                stream(FileDescriptor.out),
                stream(FileDescriptor.err),
                System.in,
                isTerminal(1),
                err,
                err ? columns() : COLUMNS,
                System.getenv(),
                Path.of(""),
                SystemScreen::open);
    }

    private static PrintStream stream(FileDescriptor descriptor) {
        return new PrintStream(new FileOutputStream(descriptor), false, StandardCharsets.UTF_8);
    }

    /** {@code System.console()} speaks of input and output together; here one may be a pipe and the other not. */
    private static boolean isTerminal(int descriptor) {
        if (!Files.exists(DESCRIPTORS)) {
            return run(new ProcessBuilder("test", "-t", String.valueOf(descriptor)).inheritIO()) != null;
        }
        try {
            String device = Files.readSymbolicLink(DESCRIPTORS.resolve(String.valueOf(descriptor)))
                    .toString();
            return device.startsWith("/dev/pts/") || device.startsWith("/dev/tty") || device.equals("/dev/console");
        } catch (IOException closed) {
            return false;
        }
    }

    private static int columns() {
        String size = run(new ProcessBuilder("stty", "size").redirectInput(new File("/dev/tty")));
        String[] words = size == null ? new String[0] : size.trim().split(" ");
        return words.length == 2 && words[1].matches("[1-9]\\d{1,3}") ? Integer.parseInt(words[1]) : COLUMNS;
    }

    private static @Nullable String run(ProcessBuilder builder) {
        try {
            Process process = builder.start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor(1, TimeUnit.SECONDS) && process.exitValue() == 0 ? output : null;
        } catch (IOException missing) {
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }
}
