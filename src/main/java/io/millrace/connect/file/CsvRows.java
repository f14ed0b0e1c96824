package io.millrace.connect.file;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import de.siegmar.fastcsv.reader.CloseableIterator;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvRecord;
import io.millrace.spi.Failure;
import io.millrace.spi.Records;
import java.io.Closeable;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rows of one CSV text, each an object. A row that is not as its header says is a bad record. */
final class CsvRows implements Closeable {
    private final CloseableIterator<CsvRecord> rows;
    private final Header header;
    private final String name;
    private @Nullable CsvRecord first;
    private List<String> columns = List.of();
    private boolean broken;

    private CsvRows(CloseableIterator<CsvRecord> rows, Header header, String name) {
        this.rows = rows;
        this.header = header;
        this.name = name;
    }

    /** Reads the header. Throws BAD_DATA if it is wrong. */
    static CsvRows open(Reader text, Dialect dialect, Header header, String name) throws IOException {
        CsvRows rows =
                new CsvRows(dialect.reader().ofCsvRecord(withoutMark(text)).iterator(), header, name);
        try {
            rows.begin();
            return rows;
        } catch (CsvParseException e) {
            rows.close();
            throw Failure.badData(name + ": " + e.getMessage());
        } catch (Failure e) {
            rows.close();
            throw e;
        }
    }

    /** Editors put a mark before UTF-8. */
    private static Reader withoutMark(Reader text) throws IOException {
        java.io.PushbackReader reader = new java.io.PushbackReader(text);
        int c = reader.read();
        if (c >= 0 && c != '\uFEFF') {
            reader.unread(c);
        }
        return reader;
    }

    private void begin() throws IOException {
        CsvRecord top = next();
        if (top != null) {
            columns = header.of(top.getFields(), name + ":" + top.getStartingLineNumber());
            first = header.inFile() ? null : top;
        }
    }

    private @Nullable CsvRecord next() throws IOException {
        CsvRecord kept = first;
        if (kept != null) {
            first = null;
            return kept;
        }
        try {
            return !broken && rows.hasNext() ? rows.next() : null;
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** Adds the next row; false if there is none. Behind a row whose end cannot be told there is none. */
    boolean add(Records into, long position, @Nullable JsonNode token) throws IOException {
        try {
            CsvRecord row = next();
            if (row != null) {
                add(row, into, position, token);
            }
            return row != null;
        } catch (CsvParseException e) {
            into.bad(TextNode.valueOf(name), position, token, Failure.badData(name + ": " + e.getMessage()));
            broken = true;
            return true;
        }
    }

    /** Passes over the next row; false if there is none. */
    boolean skip() throws IOException {
        try {
            return next() != null;
        } catch (CsvParseException e) {
            broken = true;
            return true;
        }
    }

    private void add(CsvRecord row, Records into, long position, @Nullable JsonNode token) {
        String problem = problem(row);
        if (problem.isEmpty()) {
            into.add(object(row), position, token);
        } else {
            String place = name + ":" + row.getStartingLineNumber() + ": ";
            into.bad(cells(row), position, token, Failure.badData(place + problem));
        }
    }

    private String problem(CsvRecord row) {
        if (row.getFieldCount() != columns.size()) {
            return "row with " + row.getFieldCount() + " cells where " + columns.size() + " are expected ("
                    + String.join(", ", columns) + ")";
        }
        return row.getFields().stream().anyMatch(cell -> cell.indexOf('\uFFFD') >= 0)
                ? "row with bytes that are not in the charset; set \"charset\""
                : "";
    }

    private JsonNode object(CsvRecord row) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        for (int i = 0; i < columns.size(); i++) {
            object.put(columns.get(i), row.getField(i));
        }
        return object;
    }

    private static JsonNode cells(CsvRecord row) {
        ArrayNode cells = JsonNodeFactory.instance.arrayNode();
        row.getFields().forEach(cells::add);
        return cells;
    }

    @Override
    public void close() throws IOException {
        rows.close();
    }
}
