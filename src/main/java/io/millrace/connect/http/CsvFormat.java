package io.millrace.connect.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import io.millrace.spi.Failure;
import java.nio.charset.Charset;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Stream;

/**
 * Rows of CSV, whose first one names the columns. A row may go over several lines: it is complete when the number of its quotes is even,
 * since one within a cell is doubled.
 */
final class CsvFormat extends StreamFormat {
    private final Charset charset;
    private final int maxRow;
    private final CsvReader.CsvReaderBuilder reader;
    private final StringBuilder row = new StringBuilder();
    private int quotes;
    private List<String> columns = List.of();

    CsvFormat(Out out, int maxLine, String url, char delimiter, Charset charset) {
        super(out, maxLine, url);
        this.charset = charset;
        this.maxRow = maxLine;
        this.reader = CsvReader.builder()
                .fieldSeparator(delimiter)
                .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                .allowExtraCharsAfterClosingQuote(true)
                .allowUnclosedQuote(false);
    }

    @Override
    void line(byte[] bytes, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            quotes += bytes[i] == '"' ? 1 : 0;
        }
        row.append(new String(bytes, offset, length, charset));
        if (quotes % 2 == 0) {
            complete();
        } else if (row.length() > maxRow) {
            out.bad(TextNode.valueOf(row.substring(0, Math.min(row.length(), 1000))), tooLong());
            clear();
        } else {
            row.append('\n');
        }
    }

    @Override
    void end() {
        if (row.length() > 0) {
            out.bad(
                    TextNode.valueOf(row.substring(0, Math.min(row.length(), 1000))),
                    Failure.badData(place() + ": a quoted cell has no end"));
            clear();
        }
    }

    private void clear() {
        row.setLength(0);
        quotes = 0;
    }

    private void complete() {
        String text = row.toString();
        clear();
        if (text.isEmpty()) {
            return;
        }
        try (Stream<CsvRecord> records = reader.ofCsvRecord(text).stream()) {
            records.forEach(this::take);
        } catch (CsvParseException wrong) {
            out.bad(TextNode.valueOf(text), Failure.badData(place() + ": " + wrong.getMessage()));
        }
    }

    private void take(CsvRecord cells) {
        if (columns.isEmpty()) {
            name(cells.getFields());
        } else if (cells.getFieldCount() != columns.size()) {
            ArrayNode raw = JsonNodeFactory.instance.arrayNode();
            cells.getFields().forEach(raw::add);
            out.bad(
                    raw,
                    Failure.badData(place() + ": row with " + cells.getFieldCount() + " cells where " + columns.size()
                            + " are expected (" + String.join(", ", columns) + ")"));
        } else {
            ObjectNode object = JsonNodeFactory.instance.objectNode();
            for (int i = 0; i < columns.size(); i++) {
                object.put(columns.get(i), cells.getField(i));
            }
            out.record(object);
        }
    }

    private void name(List<String> header) {
        if (new HashSet<>(header).size() < header.size()) {
            throw Failure.badData(place() + ": two columns have the same name");
        }
        columns = List.copyOf(header);
    }
}
