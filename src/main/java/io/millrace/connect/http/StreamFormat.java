package io.millrace.connect.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.millrace.spi.ExactJson;
import io.millrace.spi.Failure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/** Makes records of the lines of one body. Confined to one event loop. */
abstract class StreamFormat implements LineCutter.Lines {
    /** Takes records. */
    interface Out {
        void record(JsonNode value);

        void bad(JsonNode raw, Failure why);
    }

    final Out out;
    private final int maxLine;
    private final String url;
    private long number;

    StreamFormat(Out out, int maxLine, String url) {
        this.out = out;
        this.maxLine = maxLine;
        this.url = url;
    }

    @Override
    public final void line(byte[] bytes, int offset, int length, boolean tooLong) {
        number++;
        if (tooLong) {
            out.bad(text(bytes, offset, length, StandardCharsets.UTF_8), tooLong());
        } else {
            line(bytes, offset, length);
        }
    }

    abstract void line(byte[] bytes, int offset, int length);

    /** The body is complete. */
    void end() {}

    final Failure tooLong() {
        return Failure.of(
                Failure.Kind.LIMIT, place() + ": the line is longer than " + maxLine + " bytes; raise \"maxLine\"");
    }

    /** The line, for messages. */
    final String place() {
        return url + ":" + number;
    }

    static TextNode text(byte[] bytes, int offset, int length, Charset charset) {
        return TextNode.valueOf(new String(bytes, offset, length, charset));
    }

    /** Each line is text. */
    static final class Lines extends StreamFormat {
        private final Charset charset;

        Lines(Out out, int maxLine, String url, Charset charset) {
            super(out, maxLine, url);
            this.charset = charset;
        }

        @Override
        void line(byte[] bytes, int offset, int length) {
            out.record(text(bytes, offset, length, charset));
        }
    }

    /** Each line is a JSON value; an empty one is none. */
    static final class JsonLines extends StreamFormat {
        JsonLines(Out out, int maxLine, String url) {
            super(out, maxLine, url);
        }

        @Override
        void line(byte[] bytes, int offset, int length) {
            if (isBlank(bytes, offset, length)) {
                return;
            }
            try {
                out.record(ExactJson.WHOLE.readValue(bytes, offset, length));
            } catch (JsonProcessingException wrong) {
                out.bad(
                        text(bytes, offset, length, StandardCharsets.UTF_8),
                        Failure.badData(place() + ": not JSON: " + ExactJson.reason(wrong)));
            } catch (IOException impossible) {
                throw new UncheckedIOException(impossible);
            }
        }

        private static boolean isBlank(byte[] bytes, int offset, int length) {
            int i = offset;
            while (i < offset + length && bytes[i] <= ' ' && bytes[i] >= 0) {
                i++;
            }
            return i == offset + length;
        }
    }
}
