package io.millrace.connect.file;

import static io.millrace.connect.file.FileFields.CHARSET;
import static io.millrace.connect.file.FileFields.PATH;

import io.millrace.spi.Assembly;
import io.millrace.spi.Settings;
import io.millrace.spi.Source;
import io.millrace.spi.SourceType;
import io.millrace.spi.Spec;

/** Rows of CSV files. */
final class CsvSource implements SourceType {
    private static final Spec SPEC = Spec.source(
                    "csv", "Yields each row of a CSV file, or of all files that match a pattern.")
            .main(PATH)
            .fields(Header.FIELD, Dialect.DELIMITER, Dialect.QUOTE, CHARSET)
            .rule(Dialect::check)
            .returns("an object of strings, keyed by the header; an empty cell is `\"\"`")
            .note("A row with more or fewer cells than there are columns is a bad record; empty lines are passed over.")
            .note(
                    "Two columns of one name fail the run; so does a single file that cannot be read, or a pattern without a match.")
            .example(
                    "{\"source\": {\"csv\": \"conf/orders.csv\"}, \"steps\": [{\"set\": {\"amount\": \"${.amount | tonumber}\"}}]}")
            .done();

    @Override
    public Spec spec() {
        return SPEC;
    }

    @Override
    public Source build(Settings settings, Assembly assembly) {
        Chunks chunks = new CsvChunks(
                () -> Inputs.find(settings.get(PATH), assembly),
                Dialect.of(settings),
                settings.get(Header.FIELD),
                settings.get(CHARSET));
        return new ReadAhead(chunks, assembly::blocking, false);
    }
}
