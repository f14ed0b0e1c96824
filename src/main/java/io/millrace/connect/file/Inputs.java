package io.millrace.connect.file;

import io.millrace.spi.Assembly;
import io.millrace.spi.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPInputStream;

/**
 * The files that a path or a pattern names.
 *
 * @param directory the working directory
 * @param files relative to it, or absolute, as the flow has it
 */
record Inputs(Path directory, List<Path> files) {
    private static final int BUFFER = 1 << 16;

    /** Finds the files; throws a failure for people if there are none or the only one cannot be read. */
    static Inputs find(String path, Assembly assembly) {
        Path directory = assembly.path("").toAbsolutePath().normalize();
        try {
            if (!Glob.isGlob(path) || Files.isRegularFile(directory.resolve(path))) {
                open(directory.resolve(path)).close();
                return new Inputs(directory, List.of(Path.of(path)));
            }
            return matching(path, directory);
        } catch (IOException e) {
            throw FileErrors.of("read", path, directory, e);
        }
    }

    private static Inputs matching(String pattern, Path directory) throws IOException {
        List<Path> files = Glob.of(pattern).find(directory);
        if (files.isEmpty()) {
            throw Failure.of(Failure.Kind.REJECTED, "no file matches " + pattern + " in " + directory);
        }
        return new Inputs(directory, files);
    }

    /** The path of a file, as the flow has it. */
    String name(int index) {
        return files.get(index).toString();
    }

    /** The index of the file of that path; -1 if it is not among them. */
    int find(String name) {
        return files.indexOf(Path.of(name));
    }

    /** Opens one of the files: decompressed if its name says so. */
    InputStream open(int index) throws IOException {
        return open(directory.resolve(files.get(index)));
    }

    private static InputStream open(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new FileSystemException(file.toString(), null, "it is a directory");
        }
        InputStream raw = Files.newInputStream(file);
        try {
            return isGzip(file) ? new GZIPInputStream(raw, BUFFER) : raw;
        } catch (IOException e) {
            raw.close();
            throw e;
        }
    }

    static boolean isGzip(Path file) {
        return file.toString().toLowerCase(Locale.ROOT).endsWith(".gz");
    }
}
