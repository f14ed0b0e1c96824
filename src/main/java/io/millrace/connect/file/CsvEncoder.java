package io.millrace.connect.file;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.spi.Failure;
import io.millrace.spi.Variables;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A document a row. Without columns from the flow they are those of the file that is appended to, else the fields of the first
 * document, and a later document with other fields is refused, so that nothing is lost in silence.
 */
final class CsvEncoder implements Encoder {
    private final Dialect dialect;
    private final boolean header;
    private final boolean chosen;
    private List<String> columns;
    private Set<String> known;

    /** @param columns in order; empty: from the first document */
    CsvEncoder(Dialect dialect, boolean header, Optional<List<String>> columns) {
        this.dialect = dialect;
        this.header = header;
        this.chosen = columns.isPresent();
        this.columns = columns.orElse(List.of());
        this.known = Set.copyOf(this.columns);
    }

    @Override
    public void addHead(Bytes into) {
        if (header && chosen) {
            row(columns, into);
        }
    }

    @Override
    public void resume(InputStream existing) throws IOException {
        try (existing) {
            if (!chosen && header) {
                dialect.reader().ofCsvRecord(new InputStreamReader(existing, StandardCharsets.UTF_8)).stream()
                        .findFirst()
                        .ifPresent(first -> use(first.getFields()));
            }
        }
    }

    @Override
    public Optional<String> cannotGoOn() {
        return chosen || header
                ? Optional.empty()
                : Optional.of("a file without a header does not tell which columns it has: set \"columns\"");
    }

    @Override
    public boolean looksBack() {
        return !chosen;
    }

    private void use(List<String> names) {
        columns = List.copyOf(names);
        known = new HashSet<>(names);
    }

    @Override
    public void add(ObjectNode document, Variables variables, Bytes into, boolean atStart) {
        if (columns.isEmpty() || (atStart && !chosen)) {
            begin(document, into, atStart);
        }
        if (!chosen) {
            refuseUnknown(document);
        }
        List<String> cells = new ArrayList<>(columns.size());
        columns.forEach(column -> cells.add(cell(document.get(column))));
        row(cells, into);
    }

    private void begin(ObjectNode first, Bytes into, boolean atStart) {
        if (first.isEmpty()) {
            throw Failure.badData("the first document has no fields to make columns of; set \"columns\"");
        }
        List<String> names = new ArrayList<>();
        first.fieldNames().forEachRemaining(names::add);
        use(names);
        if (header && atStart) {
            row(names, into);
        }
    }

    private void refuseUnknown(ObjectNode document) {
        document.fieldNames().forEachRemaining(name -> {
            if (!known.contains(name)) {
                throw Failure.badData("\"" + name + "\" is no column of this file, which has "
                        + String.join(", ", columns) + "; set \"columns\"");
            }
        });
    }

    private static String cell(@org.jspecify.annotations.Nullable JsonNode value) {
        return value == null || value.isNull() ? "" : Jsons.text(value);
    }

    private void row(List<String> cells, Bytes into) {
        StringWriter text = new StringWriter();
        dialect.writer().build(text).writeRecord(cells);
        into.writeBytes(text.toString().getBytes(StandardCharsets.UTF_8));
    }
}
