package io.millrace.connect.file;

import io.millrace.spi.LineReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The lines of files, one file after another. */
final class FileLines implements LineChunks.Lines {
    private final Inputs inputs;
    private final Charset charset;
    private final int maxLine;
    private int next;

    FileLines(Inputs inputs, Charset charset, int maxLine) {
        this.inputs = inputs;
        this.charset = charset;
        this.maxLine = maxLine;
    }

    @Override
    public @Nullable LineReader open() throws IOException {
        if (next >= inputs.files().size()) {
            return null;
        }
        next++;
        return new LineReader(cuttable(inputs.open(next - 1), charset), maxLine);
    }

    @Override
    public String name() {
        return inputs.files().get(Math.max(0, next - 1)).toString();
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
