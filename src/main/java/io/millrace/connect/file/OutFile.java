package io.millrace.connect.file;

import static java.nio.file.StandardOpenOption.WRITE;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.spi.Failure;
import io.millrace.spi.Variables;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A file that grows by whole batches. Unless it is written in place, it has the name {@code .part} until it is finished. A batch is
 * gathered in memory and written at once; what could not be written whole is cut off again, so that there is never half a line. A
 * compressed file is a row of gzip members, one for each batch, which is what makes it possible to cut. Confined to the sink's worker.
 */
final class OutFile {
    private static final int KEPT_BUFFER = 1 << 20;

    private final Path target;
    private final Path written;
    private final Encoder encoder;
    private final boolean zipped;
    private final boolean device;
    private final long openedAt = System.nanoTime();
    private @Nullable FileChannel channel;
    private @Nullable Bytes pending;
    private long length;
    private long before;

    private OutFile(Path target, Path written, Encoder encoder) {
        this.target = target;
        this.written = written;
        this.encoder = encoder;
        this.zipped = Inputs.isGzip(target);
        this.device = Names.isDevice(written);
    }

    /** Begins a file, or goes on with one that is appended to. */
    static OutFile open(Path target, Mode mode, boolean inPlace, Encoder encoder) throws IOException {
        Names.prepare(target, mode);
        boolean direct = inPlace || mode == Mode.APPEND || Names.isDevice(target);
        OutFile file = new OutFile(target, direct ? target : Names.part(target), encoder);
        try {
            file.begin(mode == Mode.APPEND);
            return file;
        } catch (IOException e) {
            file.release();
            throw e;
        }
    }

    private void begin(boolean append) throws IOException {
        FileChannel opened = openChannel();
        if (!append && !device) {
            opened.truncate(0);
        }
        length = device ? 0 : opened.size();
        Bytes start = new Bytes();
        if (length == 0) {
            encoder.addHead(start);
        } else if (!zipped) {
            encoder.resume(Files.newInputStream(target));
            addMissingNewline(opened, start);
        }
        pending = start;
        write();
    }

    /** A file that somebody else wrote may end within a line. */
    private void addMissingNewline(FileChannel opened, Bytes into) throws IOException {
        ByteBuffer last = ByteBuffer.allocate(1);
        opened.read(last, length - 1);
        if (last.get(0) != '\n') {
            into.write('\n');
        }
    }

    private FileChannel openChannel() throws IOException {
        FileChannel opened = device ? FileChannel.open(written, WRITE) : Names.openAlone(written);
        channel = opened;
        return opened;
    }

    /** Adds a document to the batch. Throws a failure if it cannot be written; the batch is as before then. */
    void add(ObjectNode document, Variables variables) throws IOException {
        Bytes bytes = pending == null ? new Bytes() : pending;
        pending = bytes;
        int size = bytes.size();
        before = length;
        try {
            encoder.add(document, variables, bytes, length + size == 0);
        } catch (Failure failure) {
            bytes.cutTo(size);
            throw failure;
        }
    }

    /** Writes the batch. If that fails, {@link #rollback} it. */
    void write() throws IOException {
        Bytes bytes = pending;
        if (bytes == null || bytes.size() == 0) {
            return;
        }
        boolean released = channel == null;
        write((zipped ? bytes.zipped() : bytes).view(), channel == null ? openChannel() : channel);
        pending = released || bytes.size() > KEPT_BUFFER ? null : bytes;
        bytes.cutTo(0);
        if (released) {
            release();
        }
    }

    private void write(ByteBuffer bytes, FileChannel open) throws IOException {
        while (bytes.hasRemaining()) {
            length += device ? open.write(bytes) : open.write(bytes, length);
        }
    }

    /** Takes the batch back, what is in memory and what of it is in the file. */
    void rollback() throws IOException {
        pending = null;
        length = before;
        if (device) {
            return;
        }
        FileChannel open = channel == null ? openChannel() : channel;
        open.truncate(before);
    }

    /** Whether it is time for another file. */
    boolean isFull(Roll roll) {
        return length >= roll.size()
                || System.nanoTime() - openedAt >= roll.age().toNanos();
    }

    /** Lets go of the file; the next write opens it again. */
    void release() throws IOException {
        FileChannel open = channel;
        channel = null;
        if (open != null) {
            open.close();
        }
    }

    /** Gives the file its name. */
    void finish(Mode mode) throws IOException {
        if (zipped && length == 0) {
            FileChannel open = channel == null ? openChannel() : channel;
            open.write(new Bytes().zipped().view(), 0);
        }
        release();
        if (written.equals(target)) {
            return;
        }
        Names.give(target, written, mode);
    }

    /** Where its content is now. */
    Path written() {
        return written;
    }

    /** Whether it still has to get its name. */
    boolean isPart() {
        return !written.equals(target);
    }
}
