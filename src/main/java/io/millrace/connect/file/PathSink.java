package io.millrace.connect.file;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.spi.Appending;
import io.millrace.spi.Batch;
import io.millrace.spi.Encoded;
import io.millrace.spi.Failure;
import io.millrace.spi.FileState;
import io.millrace.spi.Variables;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes documents to the files that their path names. A batch is written whole or not at all, however many files it goes to: so it can
 * be written again after a full disk. All work on files is done by one thread, in the order of the batches. In a durable run the
 * work is {@link DurableWork}'s.
 */
final class PathSink implements Appending {
    private static final Logger LOG = LoggerFactory.getLogger(PathSink.class);
    private static final Duration OFTEN_ENOUGH = Duration.ofMinutes(1);
    private static final long NO_TIMER = -1;

    private final PathTemplate path;
    private final OutFiles files;
    private final DurableWork durable;
    private final Roll roll;
    private final SerialWorker worker;
    private final Vertx vertx;
    private long timer = NO_TIMER;

    PathSink(PathTemplate path, OutFiles files, DurableWork durable, Roll roll, SerialWorker worker, Vertx vertx) {
        this.path = path;
        this.files = files;
        this.durable = durable;
        this.roll = roll;
        this.worker = worker;
        this.vertx = vertx;
    }

    @Override
    public Future<Void> open() {
        ageing().ifPresent(often -> timer = vertx.setPeriodic(Math.max(1, often.toMillis()), id -> rollAged()));
        return path.constant().isEmpty()
                ? Future.succeededFuture()
                : worker.run(() -> {
                    openConstant(path.constant().get());
                    return null;
                });
    }

    @Override
    public Optional<Duration> ageing() {
        if (roll.age().compareTo(Roll.NEVER.age()) >= 0) {
            return Optional.empty();
        }
        return Optional.of(roll.age().compareTo(OFTEN_ENOUGH) < 0 ? roll.age() : OFTEN_ENOUGH);
    }

    private void openConstant(Path constant) {
        try {
            files.get(constant);
        } catch (IOException e) {
            throw cannotWrite(constant, e);
        }
    }

    /** Files get full by age also when nothing comes. */
    private void rollAged() {
        worker.run(() -> {
                    files.roll();
                    return null;
                })
                .onFailure(e -> LOG.warn("cannot finish a file of {}: {}", path.source(), e.getMessage()));
    }

    @Override
    public Future<Void> write(Batch batch) {
        return worker.run(() -> writeAll(batch)).map(rejected -> {
            rejected.forEach(batch::reject);
            return null;
        });
    }

    /** Gives back what could not be written, by index. */
    private Map<Integer, Failure> writeAll(Batch batch) {
        Map<Integer, Failure> rejected = new TreeMap<>();
        Set<OutFile> touched = new LinkedHashSet<>();
        try {
            files.roll();
            gather(batch, touched, rejected);
            for (OutFile file : touched) {
                file.write();
            }
            return rejected;
        } catch (IOException e) {
            touched.forEach(PathSink::rollback);
            throw lost(e);
        }
    }

    private void gather(Batch batch, Set<OutFile> touched, Map<Integer, Failure> rejected) throws IOException {
        List<ObjectNode> documents = batch.documents();
        for (int i = 0; i < documents.size(); i++) {
            try {
                OutFile file = file(path.of(documents.get(i), batch.variables(i)));
                touched.add(file);
                file.add(documents.get(i), batch.variables(i));
            } catch (Failure failure) {
                rejected.put(i, failure);
            }
        }
    }

    /** A file that cannot be begun concerns the items that go there, unless the disk is full: that concerns all. */
    private OutFile file(Path target) throws IOException {
        try {
            return files.get(target);
        } catch (IOException e) {
            if (FileErrors.isDiskFull(e)) {
                throw e;
            }
            throw cannotWrite(target, e);
        }
    }

    private static void rollback(OutFile file) {
        try {
            file.rollback();
        } catch (IOException e) {
            LOG.error("cannot take a batch back from {}: {}", file.written(), FileErrors.reason(e));
        }
    }

    private Failure cannotWrite(Path target, IOException e) {
        return FileErrors.of("cannot write " + path.shown(target), e);
    }

    private Failure lost(IOException e) {
        return FileErrors.of("cannot write " + path.source(), e);
    }

    @Override
    public Future<Void> close(boolean complete) {
        if (timer != NO_TIMER) {
            vertx.cancelTimer(timer);
        }
        return work(() -> {
                    end(complete);
                    durable.release();
                })
                .transform(result -> worker.close()
                        .transform(closed ->
                                result.failed() ? Future.failedFuture(result.cause()) : Future.succeededFuture()));
    }

    private Future<Void> work(Runnable work) {
        return worker.run(() -> {
            work.run();
            return null;
        });
    }

    private void end(boolean complete) {
        try {
            if (complete) {
                files.finish();
            } else {
                files.abandon().forEach(part -> LOG.warn("{} is not complete and keeps this name", path.shown(part)));
            }
        } catch (IOException e) {
            throw FileErrors.of("cannot finish " + path.source(), e);
        }
    }

    @Override
    public Future<Void> resume(List<FileState> committed) {
        return work(() -> durable.resume(committed));
    }

    @Override
    public Encoded encode(ObjectNode document, Variables variables) {
        return durable.encode(document, variables);
    }

    @Override
    public Future<List<FileState>> append(List<Encoded> chunks, BiConsumer<Integer, Failure> refused) {
        List<Chunk> ours = chunks.stream().map(Chunk.class::cast).toList();
        return worker.run(() -> durable.append(ours)).map(appended -> {
            appended.refused().forEach(refused);
            return appended.states();
        });
    }

    @Override
    public Future<Void> committed() {
        return work(durable::keep);
    }

    @Override
    public Future<Void> rollback() {
        return work(durable::rollback);
    }

    @Override
    public Future<Void> seal() {
        return work(durable::seal);
    }
}
