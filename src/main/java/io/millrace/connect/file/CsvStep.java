package io.millrace.connect.file;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import io.millrace.spi.Assembly;
import io.millrace.spi.Dynamic;
import io.millrace.spi.Failure;
import io.millrace.spi.Field;
import io.millrace.spi.Records;
import io.millrace.spi.Settings;
import io.millrace.spi.Spec;
import io.millrace.spi.Step;
import io.millrace.spi.StepType;
import io.millrace.spi.Types;
import io.vertx.core.Future;
import java.io.IOException;
import java.io.StringReader;

/** Parses CSV. */
final class CsvStep implements StepType {
    private static final Field<Dynamic<String>> TEXT = Field.of(
                    "text", Types.dynamic(Types.string()), "The text to parse.")
            .required()
            .example("${.http.body}");
    private static final Spec SPEC = Spec.step("csv", "Parses a text as CSV.")
            .main(TEXT)
            .fields(Header.FIELD, Dialect.DELIMITER, Dialect.QUOTE)
            .rule(Dialect::check)
            .returns("a list of objects of strings, keyed by the header; with `\"header\": false` a list of lists")
            .note("A row with more or fewer cells than there are columns is BAD_DATA.")
            .example(
                    "{\"source\": {\"values\": [\"id,name\\n1,Ada\\n2,Grace\"]}, \"steps\": [{\"csv\": \"${.value}\"}, "
                            + "{\"split\": \".csv[]\"}]}")
            .done();

    @Override
    public Spec spec() {
        return SPEC;
    }

    @Override
    public Step build(Settings settings, Assembly assembly) {
        Dynamic<String> text = settings.get(TEXT);
        Dialect dialect = Dialect.of(settings);
        Header header = settings.get(Header.FIELD);
        boolean named = header.inFile() || header.names().isPresent();
        return frame -> Future.succeededFuture(
                named ? objects(text.get(frame), dialect, header) : lists(text.get(frame), dialect));
    }

    private static JsonNode objects(String text, Dialect dialect, Header header) {
        ArrayNode objects = JsonNodeFactory.instance.arrayNode();
        try (CsvRows rows = CsvRows.open(new StringReader(text), dialect, header, "csv")) {
            for (Records row = new Records(1); rows.add(row, 0, null); row = new Records(1)) {
                objects.add(good(row));
            }
        } catch (IOException e) {
            throw new IllegalStateException("a string cannot fail to be read", e);
        }
        return objects;
    }

    private static JsonNode good(Records row) {
        Failure failure = row.failure(0);
        if (failure != null) {
            throw failure;
        }
        return row.value(0);
    }

    private static JsonNode lists(String text, Dialect dialect) {
        ArrayNode lists = JsonNodeFactory.instance.arrayNode();
        try (CsvReader<CsvRecord> rows = dialect.reader().ofCsvRecord(text)) {
            rows.forEach(row -> row.getFields().forEach(lists.addArray()::add));
        } catch (CsvParseException e) {
            throw Failure.badData("csv: " + e.getMessage());
        } catch (IOException e) {
            throw new IllegalStateException("a string cannot fail to be read", e);
        }
        return lists;
    }
}
