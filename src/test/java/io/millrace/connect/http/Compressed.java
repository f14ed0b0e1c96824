package io.millrace.connect.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.zip.GZIPOutputStream;

/** Compressed bodies. */
final class Compressed {
    private Compressed() {}

    static byte[] gzip(byte[] plain) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(plain);
        }
        return out.toByteArray();
    }

    /** So many zero bytes, in a thousandth of the room. */
    static byte[] bomb(int size) throws IOException {
        return gzip(new byte[size]);
    }
}
