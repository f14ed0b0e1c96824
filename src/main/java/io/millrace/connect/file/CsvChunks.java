package io.millrace.connect.file;

import com.fasterxml.jackson.databind.node.TextNode;
import io.millrace.spi.Failure;
import io.millrace.spi.Records;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The rows of several CSV files, one after another. Position: the row's number, counted over all files. The first file must be right;
 * another that turns out to be unreadable is one bad record.
 */
final class CsvChunks implements Chunks {
    private static final int ROWS = 512;

    private final Supplier<Inputs> opener;
    private final Dialect dialect;
    private final Header header;
    private final Charset charset;
    private @Nullable Inputs inputs;
    private @Nullable CsvRows rows;
    private int file;
    private long position;

    CsvChunks(Supplier<Inputs> opener, Dialect dialect, Header header, Charset charset) {
        this.opener = opener;
        this.dialect = dialect;
        this.header = header;
        this.charset = charset;
    }

    @Override
    public void open() {
        Inputs found = opener.get();
        inputs = found;
        try {
            rows = open(found);
        } catch (IOException e) {
            throw unreadable(found, e);
        }
    }

    private CsvRows open(Inputs from) throws IOException {
        return CsvRows.open(new InputStreamReader(from.open(file), charset), dialect, header, name(from));
    }

    private String name(Inputs from) {
        return from.files().get(file).toString();
    }

    @Override
    public @Nullable Records next() throws IOException {
        Inputs from = inputs;
        Records chunk = new Records(ROWS);
        while (from != null && file < from.files().size() && chunk.size() == 0) {
            try {
                CsvRows current = rows == null ? open(from) : rows;
                rows = current;
                fill(current, chunk);
            } catch (IOException e) {
                skip(from, unreadable(from, e), chunk);
            } catch (Failure e) {
                skip(from, e, chunk);
            }
        }
        return chunk.size() == 0 ? null : chunk;
    }

    private void fill(CsvRows current, Records chunk) throws IOException {
        while (!chunk.isFull()) {
            if (!current.add(chunk, position + 1)) {
                closeRows();
                file++;
                return;
            }
            position++;
        }
    }

    private void skip(Inputs from, Failure failure, Records chunk) throws IOException {
        chunk.bad(TextNode.valueOf(name(from)), ++position, failure);
        closeRows();
        file++;
    }

    private Failure unreadable(Inputs from, IOException e) {
        return FileErrors.of("cannot read " + name(from), e);
    }

    private void closeRows() throws IOException {
        CsvRows open = rows;
        rows = null;
        if (open != null) {
            open.close();
        }
    }

    @Override
    public void close() throws IOException {
        closeRows();
    }
}
