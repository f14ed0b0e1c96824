package io.millrace.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A flow and the program it stands for: {@code name.json}, {@code name.py}, and {@code name.out}, the lines that CPython prints. The
 * flow begins with what the case shows, in comments, and with marks for this test:
 *
 * <ul>
 *   <li>{@code // differs: why} where Millrace does something else on purpose; what it prints is in {@code name.millrace.out}
 *   <li>{@code // unordered: why} where the order of the lines is not defined: both sides are sorted
 *   <li>{@code // server: what for} where both need somebody to talk to: the address is the flow's parameter {@code server} and the
 *       program's environment variable {@code SERVER}
 * </ul>
 */
record Case(Path folder, String name) implements Comparable<Case> {
    static List<Case> all(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.map(file -> folder.relativize(file).toString())
                    .filter(file -> file.endsWith(".json"))
                    .map(file -> new Case(folder, file.substring(0, file.length() - ".json".length())))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String flow() {
        return read(".json");
    }

    Path program() {
        return file(".py");
    }

    /** What the case shows, in a sentence or two. */
    String shows() {
        return header().lines().filter(line -> !isMark(line)).collect(Collectors.joining(" "));
    }

    /** What stands behind a mark. */
    Optional<String> mark(String mark) {
        return header().lines()
                .filter(line -> line.startsWith(mark + ": "))
                .map(line -> line.substring(mark.length() + 2))
                .findFirst();
    }

    private static boolean isMark(String line) {
        return line.matches("(differs|unordered|server): .*");
    }

    /** The comments before the flow; a line that is indented goes on with the one before. */
    private String header() {
        return flow().lines()
                .takeWhile(line -> line.startsWith("//"))
                .map(line -> line.substring(2).replaceFirst("^ ", ""))
                .collect(Collectors.joining("\n"))
                .replaceAll("\n +", " ");
    }

    List<String> cpython() {
        return Lines.canonical(read(".out"));
    }

    List<String> millrace() {
        return mark("differs").isPresent() ? Lines.canonical(read(".millrace.out")) : cpython();
    }

    /** Keeps what CPython has printed. */
    void record(String printed) {
        try {
            Files.writeString(file(".out"), printed);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<String> inOrder(List<String> lines) {
        return mark("unordered").isPresent() ? lines.stream().sorted().toList() : lines;
    }

    private String read(String suffix) {
        try {
            return Files.readString(file(suffix));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path file(String suffix) {
        return folder.resolve(name + suffix);
    }

    @Override
    public int compareTo(Case other) {
        return name.compareTo(other.name);
    }
}
