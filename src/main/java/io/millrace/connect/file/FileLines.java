package io.millrace.connect.file;

import io.millrace.spi.LineReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The lines of files. */
final class FileLines implements LineChunks.Lines {
    private final Inputs inputs;
    private final Charset charset;
    private final int maxLine;

    FileLines(Inputs inputs, Charset charset, int maxLine) {
        this.inputs = inputs;
        this.charset = charset;
        this.maxLine = maxLine;
    }

    @Override
    public int count() {
        return inputs.files().size();
    }

    @Override
    public String name(int number) {
        return inputs.name(number);
    }

    @Override
    public int find(String name) {
        return inputs.find(name);
    }

    @Override
    public LineReader open(int number) throws IOException {
        return new LineReader(cuttable(inputs.open(number), charset), maxLine);
    }

    /** The stream as it can be cut into lines at bytes. */
    static InputStream cuttable(InputStream raw, Charset charset) {
        return isCutByBytes(charset) ? raw : new Utf8Stream(new InputStreamReader(raw, charset));
    }

    /** In which charset the bytes of a line are: those in which a newline is no single byte are made UTF-8 first. */
    static Charset ofLines(Charset charset) {
        return isCutByBytes(charset) ? charset : StandardCharsets.UTF_8;
    }

    private static boolean isCutByBytes(Charset charset) {
        return charset.canEncode() && Arrays.equals("\n".getBytes(charset), new byte[] {'\n'});
    }
}
