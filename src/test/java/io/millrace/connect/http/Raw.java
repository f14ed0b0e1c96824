package io.millrace.connect.http;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** A connection on which a test writes what it likes. */
final class Raw {
    private final Socket socket;
    private final InputStream in;

    Raw(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(10_000);
        this.in = new BufferedInputStream(socket.getInputStream());
    }

    void write(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Writes, and reads one answer to its end. */
    String ask(String request) throws IOException {
        write(request);
        return answer();
    }

    /** One answer with its body; what there is of it if the connection ends. */
    String answer() throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int c = in.read();
            if (c < 0) {
                return head.toString();
            }
            head.append((char) c);
        }
        byte[] body = in.readNBytes(length(head.toString()));
        return head + new String(body, StandardCharsets.UTF_8);
    }

    private static int length(String head) {
        return head.toLowerCase(Locale.ROOT)
                .lines()
                .filter(line -> line.startsWith("content-length:"))
                .mapToInt(line -> Integer.parseInt(line.substring(15).trim()))
                .findFirst()
                .orElse(0);
    }

    /** Whether the other side has closed it; waits for that. */
    boolean isClosed() throws IOException {
        return in.read() < 0;
    }
}
