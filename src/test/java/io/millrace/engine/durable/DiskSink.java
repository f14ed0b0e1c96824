package io.millrace.engine.durable;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.engine.queue.Loop;
import io.millrace.spi.Appending;
import io.millrace.spi.Batch;
import io.millrace.spi.Encoded;
import io.millrace.spi.Failure;
import io.millrace.spi.FileState;
import io.millrace.spi.Variables;
import io.millrace.testkit.sim.SimWorld;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/** Appends lines to files of a {@link Disk}, a new one after so many lines, as {@link Appending} demands it. */
final class DiskSink implements Appending {
    private final Verdict verdict;
    private final Disk disk;
    private final String stage;
    private final SimWorld.Machine machine;
    private final Loop worker;
    private final Chaos chaos;
    private final Refusals refusals;
    private final int roll;
    private int number;
    private int kept;
    private boolean full;

    /** @param roll lines after which a file is complete */
    DiskSink(
            Verdict verdict,
            Disk disk,
            String stage,
            SimWorld.Machine machine,
            Chaos chaos,
            Refusals refusals,
            int roll) {
        this.verdict = verdict;
        this.disk = disk;
        this.stage = stage;
        this.machine = machine;
        this.worker = machine.loop();
        this.chaos = chaos;
        this.refusals = refusals;
        this.roll = roll;
    }

    private String path() {
        return stage + "/" + number;
    }

    private Disk.Entry file() {
        Disk.Entry found = disk.find(path());
        return found == null || (kept == 0 && found.length() > 0) ? disk.create(path()) : found;
    }

    @Override
    public Future<Void> resume(List<FileState> committed) {
        if (!disk.lock(stage, machine)) {
            return Future.failedFuture(Failure.of(Failure.Kind.REJECTED, "another process writes there"));
        }
        return chaos.delay(worker, 100).compose(now -> {
            for (FileState state : committed) {
                Disk.Entry there = disk.find(state.path());
                if (there != null && there.isNamed() && !state.complete() && there.length() != state.length()) {
                    return Future.failedFuture(Failure.of(Failure.Kind.REJECTED, "the file is missing"));
                }
                Optional<String> wrong = take(state);
                if (wrong.isPresent()) {
                    throw verdict.broken(
                            "the bytes of files are those of the progress",
                            wrong.get()); // nobody else has touched the disk
                }
            }
            return Future.succeededFuture();
        });
    }

    private Optional<String> take(FileState state) {
        Disk.Entry file = disk.find(state.path());
        int length = (int) state.length();
        if (file == null || file.length() < length || file.crc(length) != state.crc()) {
            return Optional.of("committed bytes are gone from " + state);
        }
        file.cut(length);
        int index = Integer.parseInt(state.path().substring(stage.length() + 1));
        if (state.complete()) {
            file.name();
            number = Math.max(number, index + 1);
        } else if (index >= number) {
            number = index;
            kept = length;
        }
        return Optional.empty();
    }

    @Override
    public Encoded encode(ObjectNode document, Variables variables) {
        refusals.encode(stage, document);
        return Output.line(stage, document);
    }

    @Override
    public Future<List<FileState>> append(List<Encoded> chunks, BiConsumer<Integer, Failure> refused) {
        return chaos.delay(worker, 200).compose(now -> write(chunks, refused));
    }

    private Future<List<FileState>> write(List<Encoded> chunks, BiConsumer<Integer, Failure> refused) {
        Disk.Entry file = file();
        boolean noRoom = chaos.strikes(Chaos.Trouble.DISK_FULL);
        for (int i = 0; i < chunks.size(); i++) {
            Output.Line line = (Output.Line) chunks.get(i);
            if (refusals.write(stage, line.document())) {
                refused.accept(i, Output.death(Failure.Kind.BAD_DATA, stage, line.document()));
            } else if (noRoom && i >= chunks.size() / 2) {
                break;
            } else {
                file.append(line.text() + "\n");
            }
        }
        if (noRoom) {
            return chaos.delay(worker, 100).compose(now -> {
                file.cut(kept);
                return Future.failedFuture(Failure.of(Failure.Kind.UNREACHABLE, "no room on the disk"));
            });
        }
        return chaos.delay(worker, 3000).compose(now -> force(file));
    }

    private Future<List<FileState>> force(Disk.Entry file) {
        if (chaos.strikes(Chaos.Trouble.FORCE_FAILS)) {
            file.cut(file.forced()); // the system has thrown the pages away
            return Future.failedFuture(Failure.of(Failure.Kind.REJECTED, "the disk does not keep what is written"));
        }
        file.force();
        int length = file.length();
        full = file.read(0, length).chars().filter(c -> c == '\n').count() >= roll;
        return Future.succeededFuture(List.of(new FileState(path(), length, file.crc(length), full)));
    }

    @Override
    public Future<Void> committed() {
        return chaos.delay(worker, 50).map(now -> {
            Disk.Entry file = file(path());
            kept = file.length();
            if (full) {
                file.name();
                number++;
                kept = 0;
                full = false;
            }
            return null;
        });
    }

    private Disk.Entry file(String path) {
        Disk.Entry found = disk.find(path);
        if (found == null) {
            throw verdict.broken("the bytes of files are those of the progress", "no file " + path);
        }
        return found;
    }

    @Override
    public Future<Void> rollback() {
        return chaos.delay(worker, 50).map(now -> {
            file(path()).cut(kept);
            full = false;
            return null;
        });
    }

    @Override
    public Future<Void> seal() {
        return chaos.delay(worker, 50).map(now -> {
            List<Disk.Entry> own = new ArrayList<>();
            disk.files().forEach((path, file) -> {
                if (path.startsWith(stage + "/")) {
                    own.add(file);
                }
            });
            own.forEach(Disk.Entry::forceName);
            return null;
        });
    }

    @Override
    public Optional<Duration> ageing() {
        return Optional.empty();
    }

    @Override
    public Future<Void> write(Batch batch) {
        throw verdict.broken("sinks are called as promised", "written in batches though it is part of commits");
    }
}
