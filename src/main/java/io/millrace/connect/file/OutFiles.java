package io.millrace.connect.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** The files of a sink, any number of them, of which the last used are open. Confined to the sink's worker. */
final class OutFiles {
    /** As DESIGN has it: enough for most partitions, far below any limit of a process. */
    static final int MAX_OPEN = 64;

    private final Mode mode;
    private final boolean inPlace;
    private final Roll roll;
    private final Supplier<Encoder> encoders;
    private final Map<Path, OutFile> files = new LinkedHashMap<>();
    private final Map<Path, Integer> numbers = new HashMap<>();
    private final LinkedHashMap<Path, OutFile> open = new LinkedHashMap<>(16, 0.75f, true);

    /** @param inPlace whether files that are not rolled never come to an end */
    OutFiles(Mode mode, boolean inPlace, Roll roll, Supplier<Encoder> encoders) {
        this.mode = mode;
        this.inPlace = inPlace && roll.isNever();
        this.roll = roll;
        this.encoders = encoders;
    }

    /** The file for a path, begun if there is none yet. */
    OutFile get(Path path) throws IOException {
        OutFile file = files.get(path);
        if (file == null) {
            file = OutFile.open(roll.isNever() ? path : nextNumbered(path), modeOfOne(), inPlace, encoders.get());
            files.put(path, file);
        }
        touch(path, file);
        return file;
    }

    /** A numbered file is never appended to: the next number is taken. */
    private Mode modeOfOne() {
        return roll.isNever() || mode != Mode.APPEND ? mode : Mode.NEW;
    }

    private Path nextNumbered(Path path) {
        int number = numbers.getOrDefault(path, 0) + 1;
        while (mode == Mode.APPEND && Files.exists(Roll.numbered(path, number))) {
            number++;
        }
        numbers.put(path, number);
        return Roll.numbered(path, number);
    }

    private void touch(Path path, OutFile file) throws IOException {
        open.put(path, file);
        if (open.size() > MAX_OPEN) {
            Path eldest = open.keySet().iterator().next();
            OutFile left = open.remove(eldest);
            if (left != null) {
                left.release();
            }
        }
    }

    /** Finishes those that are full. To be called between batches. */
    void roll() throws IOException {
        if (roll.isNever()) {
            return;
        }
        for (Path path : List.copyOf(files.keySet())) {
            OutFile file = files.get(path);
            if (file != null && file.isFull(roll)) {
                file.finish(modeOfOne());
                files.remove(path);
                open.remove(path);
            }
        }
    }

    /** Gives all files their names. */
    void finish() throws IOException {
        for (OutFile file : files.values()) {
            file.finish(modeOfOne());
        }
    }

    /** Leaves all files as they are; says which did not get their names. */
    List<Path> abandon() throws IOException {
        List<Path> parts = new ArrayList<>();
        for (OutFile file : files.values()) {
            file.release();
            if (file.isPart()) {
                parts.add(file.written());
            }
        }
        return parts;
    }
}
