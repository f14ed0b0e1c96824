package io.millrace.connect.http;

import com.aayushatharva.brotli4j.Brotli4jLoader;
import com.aayushatharva.brotli4j.decoder.BrotliInputStream;
import com.github.luben.zstd.ZstdInputStream;
import io.millrace.spi.Failure;
import io.millrace.spi.Failure.Kind;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

/** Undoes {@code content-encoding}, never beyond a bound: a bomb ends at the bound, having cost no more memory than it. */
final class Decoding {
    private static final int STEP = 8192;

    private Decoding() {}

    /**
     * What is asked for, as {@code accept-encoding} says it. Answers in br and zstd are understood, but not asked for: their native code
     * takes 0.1 s to load, and a server that has them has gzip.
     */
    static final String ACCEPTED = "gzip, deflate";

    /**
     * The body as it was before it was compressed.
     *
     * @param encodings value of content-encoding
     * @param limit most bytes that may come out
     */
    static byte[] decode(byte[] body, String encodings, long limit, String url) {
        List<String> undo =
                new ArrayList<>(List.of(encodings.toLowerCase(Locale.ROOT).split(",")));
        Collections.reverse(undo);
        byte[] decoded = body;
        for (String encoding : undo) {
            decoded = isNone(encoding.trim()) || decoded.length == 0
                    ? decoded
                    : undo(decoded, encoding.trim(), limit, url);
        }
        return decoded;
    }

    static boolean isNone(String encoding) {
        return encoding.isEmpty() || encoding.equalsIgnoreCase("identity");
    }

    private static byte[] undo(byte[] body, String encoding, long limit, String url) {
        try (InputStream in = open(body, encoding, url)) {
            return read(in, body.length, limit);
        } catch (IOException broken) {
            throw Failure.of(
                    Kind.BAD_DATA,
                    "the body of " + url + " is not " + encoding + " as content-encoding says: " + broken.getMessage(),
                    broken);
        }
    }

    private static InputStream open(byte[] body, String encoding, String url) throws IOException {
        InputStream in = new ByteArrayInputStream(body);
        switch (encoding) {
            case "gzip":
            case "x-gzip":
                return new GZIPInputStream(in, STEP);
            case "deflate":
                // Some servers leave out the zlib header, which begins with 0x.8.
                return new InflaterInputStream(in, new Inflater((body[0] & 0x0f) != 8), STEP);
            case "br":
                Brotli4jLoader.ensureAvailability();
                return new BrotliInputStream(in);
            case "zstd":
                return new ZstdInputStream(in);
            default:
                throw Failure.badData("the body of " + url + " has the content-encoding \"" + encoding
                        + "\", which is not known. Set the client's decompress to false to take it as it is.");
        }
    }

    private static byte[] read(InputStream in, int compressed, long limit) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream((int) Math.min(limit, 4L * compressed));
        byte[] step = new byte[STEP];
        for (int n = in.read(step); n >= 0; n = in.read(step)) {
            if (out.size() + (long) n > limit) {
                throw MemoryBody.tooLarge(limit, "goes on after " + limit + " bytes when decompressed");
            }
            out.write(step, 0, n);
        }
        return out.toByteArray();
    }
}
