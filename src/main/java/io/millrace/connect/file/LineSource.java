package io.millrace.connect.file;

import static io.millrace.connect.file.FileFields.CHARSET;
import static io.millrace.connect.file.FileFields.MAX_LINE;
import static io.millrace.connect.file.FileFields.PATH;

import io.millrace.spi.Assembly;
import io.millrace.spi.Settings;
import io.millrace.spi.Source;
import io.millrace.spi.SourceType;
import io.millrace.spi.Spec;
import java.nio.charset.Charset;
import java.util.function.Function;

/** Files of which each line is a record: {@code lines} and {@code jsonl}. */
final class LineSource implements SourceType {
    static final LineSource LINES = new LineSource(
            common(Spec.source("lines", "Yields each line of a file, or of all files that match a pattern."))
                    .returns("the line, without its end, as `{\"value\": \"…\"}`")
                    .note("An empty line is a record too; leave it out with `{\"filter\": \".value != ''\"}`.")
                    .example("{\"source\": {\"lines\": \"conf/urls.txt\"}}")
                    .done(),
            LineFormat.Text::new);
    static final LineSource JSONL = new LineSource(
            common(Spec.source(
                            "jsonl",
                            "Yields the JSON value of each line of a file, or of all files that match a pattern."))
                    .returns("the value; one that is no object becomes `{\"value\": x}`")
                    .note("Numbers keep all their digits. Lines of white space are passed over.")
                    .note("A line that is not JSON is a bad record; its failure names the file, line and column.")
                    .example("{\"source\": {\"jsonl\": \"conf/people.jsonl\"}}")
                    .done(),
            LineFormat.Json::new);

    private final Spec spec;
    private final Function<Charset, LineFormat> format;

    private LineSource(Spec spec, Function<Charset, LineFormat> format) {
        this.spec = spec;
        this.format = format;
    }

    private static Spec.Builder common(Spec.Builder spec) {
        return spec.main(PATH)
                .replayable()
                .fields(CHARSET, MAX_LINE)
                .note("Lines end with LF or CRLF; the last needs no end; a byte order mark is skipped.")
                .note(
                        "A line that is not in the charset, or is too long, is a bad record, and so is a file of several that cannot"
                                + " be read; a single file that cannot be read, or a pattern without a match, fails the run.");
    }

    @Override
    public Spec spec() {
        return spec;
    }

    @Override
    public Source build(Settings settings, Assembly assembly) {
        Charset charset = settings.get(CHARSET);
        int maxLine = FileFields.maxLine(settings);
        Search search = new Search(settings.get(PATH), assembly);
        FileChunks chunks = new LineChunks(
                () -> new FileLines(search.files(), charset, maxLine),
                format.apply(FileLines.ofLines(charset)),
                maxLine);
        return new RecordFiles(search, chunks, assembly::blocking);
    }
}
