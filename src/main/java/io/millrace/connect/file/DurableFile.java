package io.millrace.connect.file;

import io.millrace.spi.Failure;
import io.millrace.spi.FileState;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * A file of a durable run. It grows by what belongs to one commit; until that is known to be kept, the growth can be taken back. What is behind the kept
 * length counts for nothing, whether a crash left it there or a disk that was full. A compressed file gets a gzip member or more for each
 * commit, so that it can be read up to any kept length. Confined to one thread at a time.
 *
 * <p>Nobody can tell a file that was begun and not kept from one of somebody else. So also one that is written in place lies aside until its first
 * commit is kept.
 */
final class DurableFile {
    private static final int TAIL = 1 << 16;
    private static final int SPILL = 1 << 20;
    private static final int EMPTY_ZIP = new Bytes().zipped().size();

    private final Path target;
    private final Mode mode;
    private final boolean early;
    private final Encoder encoder;
    private final Disk disk;
    private final boolean zipped;
    private final long openedAt = System.nanoTime();
    private Path written;
    private @Nullable FileChannel channel;
    private @Nullable Bytes pending;
    private long kept;
    private long length;
    private boolean begun;
    private boolean complete;
    private boolean finished;
    private boolean mayGrow;

    private DurableFile(Path target, Mode mode, boolean inPlace, Encoder encoder, Disk disk) {
        this.target = target;
        this.written = Names.part(target);
        this.mode = mode;
        this.early = inPlace || mode == Mode.APPEND;
        this.encoder = encoder;
        this.disk = disk;
        this.zipped = Inputs.isGzip(target);
    }

    /** Begins a file. */
    static DurableFile begin(Path target, Mode mode, boolean inPlace, Encoder encoder, Disk disk) throws IOException {
        Names.prepare(target, mode);
        if (Names.isDevice(target)) {
            throw refused(target, "it is no regular file, so what a durable run writes there could not be taken back");
        }
        if (mode == Mode.APPEND && Files.exists(target)) {
            throw refused(
                    target,
                    "it exists already, and a durable run appends to no file that it has not begun itself. Move it away, or set another \"mode\"");
        }
        DurableFile file = new DurableFile(target, mode, inPlace, encoder, disk);
        file.begin();
        return file;
    }

    private static FileSystemException refused(Path path, String reason) {
        return new FileSystemException(path.toString(), null, reason);
    }

    private void begin() throws IOException {
        begun = true;
        FileChannel opened = Names.openAlone(written);
        channel = opened;
        try {
            opened.truncate(0);
            Bytes start = pending();
            encoder.addHead(start);
            write();
        } catch (IOException e) {
            release();
            throw e;
        }
    }

    /** Goes on with a file at the length that was kept. Empty if it was complete: it has its name then, and nothing is added to it any more. */
    static Optional<DurableFile> resume(FileState state, Mode mode, boolean inPlace, Encoder encoder, Disk disk)
            throws IOException {
        Path target = Path.of(state.path());
        DurableFile file = new DurableFile(target, mode, inPlace, encoder, disk);
        if (!Files.exists(file.written)) {
            if (!file.early && file.isFinished(state)) {
                return state.complete() ? Optional.empty() : Optional.of(file.sealed(state));
            }
            file.written = file.early ? target : file.written;
        }
        file.resume(state);
        if (state.complete()) {
            file.finish();
            return Optional.empty();
        }
        if (file.early) {
            file.place();
        }
        return Optional.of(file);
    }

    /** It has its name, as the run was done, or about to be. Something may be added after all, such as what dead letters become. */
    private DurableFile sealed(FileState state) {
        written = target;
        kept = state.length();
        length = kept;
        finished = true;
        mayGrow = true;
        return this;
    }

    /** Before something is added: takes its name from a file that has it, so that nobody reads half of it. */
    void unseal() throws IOException {
        if (!finished || !mayGrow) {
            return;
        }
        Path part = Names.part(target);
        Files.move(target, part, StandardCopyOption.ATOMIC_MOVE);
        disk.forceNames(Objects.requireNonNull(target.getParent()));
        written = part;
        finished = false;
        try (FileChannel there = Names.reopenAlone(written)) {
            there.truncate(kept);
            learn(there);
        }
    }

    /** A crash while files got their names: this one has it. A complete one may have been carried off since. */
    private boolean isFinished(FileState state) throws IOException {
        if (state.complete()) {
            return true;
        }
        if (!Files.isRegularFile(target)) {
            return false;
        }
        try (FileChannel there = FileChannel.open(target)) {
            long size = there.size();
            return (size == state.length() && crc(there, size) == state.crc())
                    || (zipped && state.length() == 0 && size == EMPTY_ZIP);
        }
    }

    private void resume(FileState state) throws IOException {
        if (!Files.exists(written)) {
            throw lost("it is missing");
        }
        try (FileChannel there = Names.takeOver(written)) {
            if (there.size() < state.length()) {
                throw lost("it has " + there.size() + " bytes, and " + state.length() + " were kept");
            }
            if (crc(there, state.length()) != state.crc()) {
                throw lost("the " + Math.min(TAIL, state.length()) + " bytes before the kept length of "
                        + state.length() + " are not those that were written");
            }
            there.truncate(state.length());
            kept = state.length();
            length = kept;
            learn(there);
        }
    }

    private Failure lost(String how) {
        return Failure.build(
                        Failure.Kind.REJECTED,
                        "cannot go on with " + written + ": " + how
                                + ". The run has counted on it: put the file back as it was, or begin anew with --fresh.")
                .code("ELOST")
                .done();
    }

    private void learn(FileChannel there) throws IOException {
        if (length > 0) {
            InputStream raw = Channels.newInputStream(there.position(0));
            encoder.resume(zipped ? new GZIPInputStream(raw) : raw);
        }
    }

    private Bytes pending() {
        Bytes bytes = pending == null ? new Bytes() : pending;
        pending = bytes;
        return bytes;
    }

    /** Adds to what belongs to the next commit. Throws a failure if the document cannot be written; all is as before then. */
    void add(Chunk chunk) throws IOException {
        Bytes bytes = pending();
        int size = bytes.size();
        try {
            chunk.addTo(bytes, encoder, length + size == 0);
        } catch (Failure failure) {
            bytes.cutTo(size);
            throw failure;
        }
        if (bytes.size() >= SPILL) {
            write();
        }
    }

    /** Writes what was added; not for good yet. */
    void write() throws IOException {
        Bytes bytes = pending;
        pending = null;
        if (bytes == null || bytes.size() == 0) {
            return;
        }
        ByteBuffer view = (zipped ? bytes.zipped() : bytes).view();
        FileChannel open = channel();
        if (open.size() < length) {
            throw refused(written, "somebody has cut it");
        }
        while (view.hasRemaining()) {
            length += open.write(view, length);
        }
    }

    /** Makes what was written last for good, and says what there is to be kept. */
    FileState force() throws IOException {
        FileChannel open = channel();
        try {
            if (begun || length > kept) {
                disk.force(open);
            }
            return new FileState(target.toString(), length, crc(open, length), complete);
        } catch (IOException e) {
            release();
            throw e;
        }
    }

    private static int crc(FileChannel file, long length) throws IOException {
        ByteBuffer tail = ByteBuffer.allocate((int) Math.min(TAIL, length));
        long from = length - tail.capacity();
        while (tail.hasRemaining()) {
            if (file.read(tail, from + tail.position()) < 0) {
                throw new IOException("the file was cut while it was written");
            }
        }
        CRC32 crc = new CRC32();
        crc.update(tail.flip());
        return (int) crc.getValue();
    }

    private FileChannel channel() throws IOException {
        if (finished) {
            throw refused(target, "it was complete");
        }
        FileChannel open = channel == null ? Names.reopenAlone(written) : channel;
        channel = open;
        return open;
    }

    /** Whether it is time for another file. What is compressed later counts when it is. */
    boolean isFull(Roll roll) {
        long size = length + (zipped || pending == null ? 0 : pending.size());
        return size >= roll.size() || System.nanoTime() - openedAt >= roll.age().toNanos();
    }

    /** Nothing is added behind this commit. */
    void complete() {
        complete = true;
    }

    /** What was written is kept. */
    void keep() throws IOException {
        kept = length;
        begun = false;
        if (complete) {
            finish();
        } else if (early) {
            place();
        }
    }

    /** What was written since the last time is not kept. */
    void rollback() throws IOException {
        pending = null;
        complete = false;
        if (begun) {
            release();
            Files.deleteIfExists(written);
        } else if (length > kept) {
            channel().truncate(kept);
            length = kept;
        }
    }

    /** Nothing will be added: gives it its name, if it has not got it. The folder is yet to be forced. */
    void finish() throws IOException {
        if (finished) {
            return;
        }
        if (zipped && length == 0) {
            FileChannel open = channel();
            open.write(new Bytes().zipped().view(), 0);
            disk.force(open);
        }
        release();
        place();
        finished = true;
    }

    private void place() throws IOException {
        if (!written.equals(target)) {
            release();
            Names.give(target, written, mode);
            written = target;
        }
    }

    /** Lets go of the file; whatever comes next opens it again. */
    void release() throws IOException {
        FileChannel open = channel;
        channel = null;
        if (open != null) {
            open.close();
        }
    }

    /** Whether it has its name. */
    boolean isFinished() {
        return finished;
    }

    Path target() {
        return target;
    }
}
