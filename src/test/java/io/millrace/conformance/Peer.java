package io.millrace.conformance;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import io.vertx.core.parsetools.RecordParser;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * Somebody to talk to over TCP, a line at a time: {@code echo x} is answered by {@code x}, {@code upper x} by it in capitals, {@code
 * slow x} by it after 200 ms, {@code half x} by it without a line break and a closed connection; {@code silent} is never answered,
 * and {@code close} closes. What begins with {@code GET} is answered in HTTP: {@code /hello}, {@code /slow} after 400 ms, {@code /half}
 * broken off, {@code /hang} never; all else is missing.
 */
final class Peer implements AutoCloseable {
    private static final long SLOW_MS = 200;

    private final Vertx vertx = Vertx.vertx();
    private final NetServer server;

    Peer() {
        server = await(vertx.createNetServer().connectHandler(this::serve).listen(0, "127.0.0.1"));
    }

    String address() {
        return "127.0.0.1:" + server.actualPort();
    }

    private void serve(NetSocket socket) {
        socket.handler(RecordParser.newDelimited("\n", line -> answer(socket, line.toString())));
    }

    private void answer(NetSocket socket, String line) {
        String[] words = line.split(" ", 2);
        String text = words.length > 1 ? words[1] : "";
        switch (words[0]) {
            case "echo" -> socket.write(text + "\n");
            case "upper" -> socket.write(text.toUpperCase(Locale.ROOT) + "\n");
            case "slow" -> vertx.setTimer(SLOW_MS, late -> socket.write(text + "\n"));
            case "half" -> socket.end(Buffer.buffer(text));
            case "close" -> socket.close();
            case "GET" -> page(socket, text.split(" ", 2)[0]);
            default -> {}
        }
    }

    private void page(NetSocket socket, String path) {
        switch (path) {
            case "/hello" -> socket.write(http("200 OK", "hello"));
            case "/slow" -> vertx.setTimer(2 * SLOW_MS, late -> socket.write(http("200 OK", "slow")));
            case "/half" -> socket.end(Buffer.buffer("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"));
            case "/hang" -> {}
            default -> socket.write(http("404 Not Found", "missing"));
        }
    }

    private static String http(String status, String body) {
        return "HTTP/1.1 " + status + "\r\nContent-Type: text/plain\r\nContent-Length: " + body.length() + "\r\n\r\n"
                + body;
    }

    private static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        await(vertx.close());
    }
}
