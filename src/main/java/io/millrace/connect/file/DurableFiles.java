package io.millrace.connect.file;

import io.millrace.spi.Failure;
import io.millrace.spi.FileState;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The files of a sink in a durable run, any number of them. A commit touches some; of these at most {@link OutFiles#MAX_OPEN} are open at a
 * time, and they are forced together, on several threads. Confined to the sink's worker.
 */
final class DurableFiles {
    private final Mode mode;
    private final boolean inPlace;
    private final Roll roll;
    private final Supplier<Encoder> encoders;
    private final Disk disk;
    private final Function<Path, String> shown;
    private final Map<Path, Row> rows = new LinkedHashMap<>();
    private final Set<Row> changed = new LinkedHashSet<>();
    private final Set<Path> folders = new HashSet<>();

    /**
     * @param inPlace whether files that are not rolled never come to an end
     * @param shown a path as people know it
     */
    DurableFiles(
            Mode mode,
            boolean inPlace,
            Roll roll,
            Supplier<Encoder> encoders,
            Disk disk,
            Function<Path, String> shown) {
        this.mode = mode;
        this.inPlace = inPlace && roll.isNever();
        this.roll = roll;
        this.encoders = encoders;
        this.disk = disk;
        this.shown = shown;
    }

    /** What is written for one path: a file, or where files are rolled one after another. */
    private final class Row {
        private final Path path;
        private @Nullable DurableFile current;
        private @Nullable DurableFile before;
        private int number;
        private int numberBefore;
        private final List<DurableFile> touched = new ArrayList<>();

        Row(Path path) {
            this.path = path;
        }

        /** The file that grows, touched by this commit from now on. */
        DurableFile file() throws IOException {
            change();
            DurableFile file = current;
            if (file == null || file.isFull(roll)) {
                DurableFile next = begin();
                if (file != null) {
                    end(file);
                }
                file = next;
                current = next;
            }
            file.unseal();
            touch(file);
            return file;
        }

        private void change() {
            if (changed.add(this)) {
                before = current;
                numberBefore = number;
            }
        }

        private void touch(DurableFile file) {
            if (!touched.contains(file)) {
                touched.add(file);
            }
        }

        private void end(DurableFile file) throws IOException {
            touch(file);
            file.complete();
            file.write();
            file.release();
        }

        private DurableFile begin() throws IOException {
            if (roll.isNever() && number > 0) {
                throw new FileSystemException(path.toString(), null, "it was complete");
            }
            int last = number;
            try {
                Path target = roll.isNever() ? path : nextNumbered();
                Set<Path> toForce = foldersOf(target);
                DurableFile begun = DurableFile.begin(target, modeOfOne(), inPlace, encoders.get(), disk);
                folders.addAll(toForce);
                return begun;
            } catch (IOException e) {
                number = last;
                throw e;
            }
        }

        private Path nextNumbered() {
            number++;
            while (mode == Mode.APPEND && Files.exists(Roll.numbered(path, number))) {
                number++;
            }
            return Roll.numbered(path, number);
        }

        /** Completes the file that grows if it is full, maybe of age when nothing came for it. */
        void endIfFull() throws IOException {
            DurableFile file = current;
            if (file != null && file.isFull(roll)) {
                change();
                end(file);
                current = null;
            }
        }

        void keep() throws IOException {
            for (DurableFile file : touched) {
                folders.add(file.target().getParent());
                file.keep();
            }
            touched.clear();
        }

        void rollback() throws IOException {
            for (DurableFile file : touched) {
                file.rollback();
            }
            touched.clear();
            current = before;
            number = numberBefore;
        }

        void release() throws IOException {
            for (DurableFile file : touched) {
                file.release();
            }
            if (current != null) {
                current.release();
            }
        }

        void finish() throws IOException {
            DurableFile file = current;
            if (file != null) {
                folders.add(file.target().getParent());
                file.finish();
            }
        }
    }

    /** A numbered file is never appended to: the next number is taken. */
    private Mode modeOfOne() {
        return roll.isNever() || mode != Mode.APPEND ? mode : Mode.NEW;
    }

    /** The folders in which names are new once the file is: its own, and those above folders that are yet to be made. */
    private static Set<Path> foldersOf(Path target) {
        Set<Path> found = new HashSet<>();
        Path folder = target.getParent();
        while (folder != null && !Files.exists(folder)) {
            found.add(folder);
            folder = folder.getParent();
        }
        if (folder != null) {
            found.add(folder);
        }
        return found;
    }

    /** Goes on at the states. Throws a failure for people if a file cannot be gone on with. */
    void resume(List<FileState> states) throws IOException {
        for (FileState state : states) {
            Path target = Path.of(state.path());
            Optional<Roll.Numbered> numbered = roll.isNever() ? Optional.empty() : Roll.unnumbered(target);
            Row row = row(numbered.map(Roll.Numbered::path).orElse(target));
            int number = numbered.map(Roll.Numbered::number).orElse(1);
            Optional<DurableFile> file = DurableFile.resume(state, modeOfOne(), inPlace, encoders.get(), disk);
            folders.add(target.getParent());
            row.current =
                    file.filter(found -> roll.isNever() || !found.isFinished()).orElse(row.current);
            row.number = Math.max(row.number, number);
        }
        forceNames();
    }

    private Row row(Path path) {
        return rows.computeIfAbsent(path, Row::new);
    }

    /** Begins the file at the path, unless there ever was one. */
    void ensure(Path path) throws IOException {
        Row row = row(path);
        if (row.current == null && row.number == 0) {
            row.file();
        }
    }

    /** Appends the chunks and makes them last; tells those whose files do not take them. After an exception {@link #rollback}. */
    List<FileState> append(List<Chunk> chunks, BiConsumer<Integer, Failure> refused) throws IOException {
        List<FileState> states = new ArrayList<>();
        List<DurableFile> written = new ArrayList<>();
        Map<Path, List<Integer>> byPath = new LinkedHashMap<>();
        for (int i = 0; i < chunks.size(); i++) {
            byPath.computeIfAbsent(chunks.get(i).path(), path -> new ArrayList<>())
                    .add(i);
        }
        for (Map.Entry<Path, List<Integer>> one : byPath.entrySet()) {
            Row row = row(one.getKey());
            for (int index : one.getValue()) {
                add(row, chunks.get(index), index, refused);
            }
            row.endIfFull();
            write(row, written, states);
        }
        for (Row row : untouched(byPath.keySet())) {
            write(row, written, states);
        }
        force(written, states);
        forceNames();
        return states;
    }

    private void add(Row row, Chunk chunk, int index, BiConsumer<Integer, Failure> refused) throws IOException {
        try {
            fileOf(row).add(chunk);
        } catch (Failure failure) {
            refused.accept(index, failure);
        }
    }

    /** A file that cannot be begun concerns the items that go there, unless the disk is full: that concerns all. */
    private DurableFile fileOf(Row row) throws IOException {
        try {
            return row.file();
        } catch (IOException e) {
            if (FileErrors.isDiskFull(e)) {
                throw e;
            }
            throw FileErrors.of("cannot write " + shown.apply(row.path), e);
        }
    }

    /** Rows that this commit has to do with though nothing came for them: begun before, or of age. */
    private List<Row> untouched(Set<Path> paths) throws IOException {
        if (!roll.isNever()) {
            for (Row row : rows.values()) {
                if (!paths.contains(row.path)) {
                    row.endIfFull();
                }
            }
        }
        return changed.stream().filter(row -> !paths.contains(row.path)).toList();
    }

    private void write(Row row, List<DurableFile> written, List<FileState> states) throws IOException {
        for (DurableFile file : row.touched) {
            file.write();
            written.add(file);
            if (written.size() >= OutFiles.MAX_OPEN) {
                force(written, states);
            }
        }
    }

    private void force(List<DurableFile> written, List<FileState> states) throws IOException {
        if (written.isEmpty()) {
            return;
        }
        List<Callable<FileState>> work = new ArrayList<>();
        written.forEach(file -> work.add(file::force));
        states.addAll(Disk.all(work));
        if (rows.size() > OutFiles.MAX_OPEN || written.size() >= OutFiles.MAX_OPEN) {
            for (DurableFile file : written) {
                file.release();
            }
        }
        written.clear();
    }

    private void forceNames() throws IOException {
        List<Callable<Path>> work = new ArrayList<>();
        for (Path folder : folders) {
            work.add(() -> {
                disk.forceNames(folder);
                return folder;
            });
        }
        Disk.all(work);
        folders.clear();
    }

    /** What was appended last is kept. */
    void keep() throws IOException {
        for (Row row : changed) {
            row.keep();
        }
        changed.clear();
        forceNames();
    }

    /** What was appended last is not kept: takes it back. */
    void rollback() throws IOException {
        for (Row row : changed) {
            row.rollback();
        }
        changed.clear();
    }

    /** Gives all files their names. */
    void finish() throws IOException {
        for (Row row : rows.values()) {
            row.finish();
        }
        forceNames();
    }

    /** Lets go of all files, as they are. */
    void release() throws IOException {
        for (Row row : rows.values()) {
            row.release();
        }
    }
}
