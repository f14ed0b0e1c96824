package io.millrace.connect.file;

import static io.millrace.connect.file.FileFields.CHARSET;
import static io.millrace.connect.file.FileFields.MAX_LINE;

import io.millrace.spi.Assembly;
import io.millrace.spi.Field;
import io.millrace.spi.LineReader;
import io.millrace.spi.Settings;
import io.millrace.spi.Source;
import io.millrace.spi.SourceType;
import io.millrace.spi.Spec;
import io.millrace.spi.Types;
import java.io.InputStream;
import java.nio.charset.Charset;

/** Standard input, read by a thread of its own: a terminal may keep it waiting for ever. */
final class StdinSource implements SourceType {
    private static final Field<Format> FORMAT = Field.of(
                    "format", Types.enumOf("format", Format.class), "What a line is: text, or a JSON value.")
            .byDefault("lines");
    private static final Spec SPEC = Spec.source("stdin", "Yields each line of standard input.")
            .main(FORMAT)
            .fields(CHARSET, MAX_LINE)
            .returns("the line as `{\"value\": \"…\"}`, or its JSON value")
            .note("A line is delivered as soon as it is there. The run ends with the input.")
            .example("{\"source\": {\"stdin\": \"jsonl\"}}")
            .done();

    /** What a line is. */
    enum Format {
        LINES,
        JSONL
    }

    @Override
    public Spec spec() {
        return SPEC;
    }

    @Override
    public Source build(Settings settings, Assembly assembly) {
        Charset charset = settings.get(CHARSET);
        int maxLine = FileFields.maxLine(settings);
        LineFormat format = settings.get(FORMAT) == Format.JSONL
                ? new LineFormat.Json(FileLines.ofLines(charset))
                : new LineFormat.Text(FileLines.ofLines(charset));
        Chunks chunks = new LineChunks(() -> new Stdin(assembly.in(), charset, maxLine), format, maxLine);
        return new ReadAhead(chunks, new OwnThread("millrace-stdin", assembly.vertx()), true);
    }

    /** The one stream, opened once. */
    private record Stdin(LineReader reader) implements LineChunks.Lines {
        Stdin(InputStream in, Charset charset, int maxLine) {
            this(new LineReader(FileLines.cuttable(in, charset), maxLine));
        }

        @Override
        public int count() {
            return 1;
        }

        @Override
        public String name(int number) {
            return "stdin";
        }

        @Override
        public int find(String name) {
            return 0;
        }

        @Override
        public LineReader open(int number) {
            return reader;
        }
    }
}
