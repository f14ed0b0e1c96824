package io.millrace.connect.file;

import io.millrace.spi.Records;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The rows of several CSV files. Position: the row's number, counted over all files. Address: its number in the file, so that going on
 * in the midst of a file means to parse what lies before. The first file must be right.
 */
final class CsvChunks extends FileChunks {
    private static final int ROWS = 512;

    private final Supplier<Inputs> opener;
    private final Dialect dialect;
    private final Header header;
    private final Charset charset;
    private @Nullable Inputs inputs;
    private @Nullable CsvRows rows;
    private int opened;
    private long read;

    CsvChunks(Supplier<Inputs> opener, Dialect dialect, Header header, Charset charset) {
        super(ROWS);
        this.opener = opener;
        this.dialect = dialect;
        this.header = header;
        this.charset = charset;
    }

    @Override
    public void open() {
        inputs = opener.get();
        try {
            begin(0);
        } catch (IOException e) {
            throw FileErrors.of("cannot read " + name(0), e);
        }
    }

    private Inputs inputs() {
        return Objects.requireNonNull(inputs);
    }

    @Override
    int count() {
        return inputs().files().size();
    }

    @Override
    String name(int file) {
        return inputs().name(file);
    }

    @Override
    int find(String name) {
        return inputs().find(name);
    }

    @Override
    void begin(int file) throws IOException {
        if (rows == null || opened != file) {
            opened = file;
            read = 0;
            rows = CsvRows.open(new InputStreamReader(inputs().open(file), charset), dialect, header, name(file));
        }
    }

    @Override
    void end() throws IOException {
        CsvRows open = rows;
        rows = null;
        if (open != null) {
            open.close();
        }
    }

    @Override
    boolean isAt(Address address) {
        return read == address.at();
    }

    @Override
    boolean isBeyond(Address address) {
        return read >= address.at();
    }

    @Override
    void skipTo(Address address) throws IOException {
        while (read < address.at() - 1) {
            skip();
        }
    }

    @Override
    void skip() throws IOException {
        if (!Objects.requireNonNull(rows).skip()) {
            throw new EOFException();
        }
        read++;
    }

    @Override
    long nextAt() {
        return read + 1;
    }

    @Override
    boolean fill(Records chunk) throws IOException {
        CsvRows from = Objects.requireNonNull(rows);
        while (!chunk.isFull()) {
            long at = read + 1;
            if (!from.add(chunk, position() + 1, nextToken(chunk, at))) {
                return false;
            }
            read = at;
            counted();
            if (isLast(at)) {
                return true;
            }
        }
        return true;
    }
}
