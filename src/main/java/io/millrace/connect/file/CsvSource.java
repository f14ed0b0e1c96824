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
            .replayable()
            .returns("an object of strings, keyed by the header; an empty cell is `\"\"`")
            .note("A row with more or fewer cells than there are columns is a bad record; empty lines are passed over.")
            .note(
                    "Two columns of one name fail the run; so does a single file that cannot be read, or a pattern without a match.")
            .note("Going on in the midst of a file parses what lies before, at the speed of reading.")
            .example(
                    "{\"source\": {\"csv\": \"conf/orders.csv\"}, \"steps\": [{\"set\": {\"amount\": \"${.amount | tonumber}\"}}]}")
            .done();

    @Override
    public Spec spec() {
        return SPEC;
    }

    @Override
    public Source build(Settings settings, Assembly assembly) {
        Search search = new Search(settings.get(PATH), assembly);
        FileChunks chunks =
                new CsvChunks(search::files, Dialect.of(settings), settings.get(Header.FIELD), settings.get(CHARSET));
        return new RecordFiles(search, chunks, assembly::blocking);
    }
}
