package io.millrace.bench;

import io.millrace.testkit.Millrace;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import io.vertx.core.parsetools.RecordParser;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * How many requests a second does the step {@code tcp} send and take the reply of, against an echo server on loopback, and how much of
 * a bare NetClient that pipelines as well is that? Both keep 256 short lines under way over 4 connections, in turn, in this process,
 * which echoes as well: its CPU time is in all figures.
 *
 * <pre>mvn -q test-compile exec:exec@bench -Dbench=TcpStepBench -Dbench.args="1000000"</pre>
 *
 * The figures are in {@code src/docs/benchmarks.md}.
 */
public final class TcpStepBench {
    private static final int CONNECTIONS = 4;
    private static final int PIPELINE = 64;
    private static final int ROUNDS = 5;

    private TcpStepBench() {}

    public static void main(String[] args) throws Exception {
        int requests = args.length > 0 ? Integer.parseInt(args[0]) : 1_000_000;
        int port = echo();
        Path directory = Files.createTempDirectory("bench");
        Vertx vertx = Vertx.vertx();
        try (Millrace millrace = new Millrace(directory)) {
            for (int round = 1; round <= ROUNDS; round++) {
                Measured bare = Measured.of(() -> bare(vertx, port, requests));
                Measured flow = Measured.of(() -> flow(millrace, port, requests));
                System.out.println(bare.line("bare NetClient, round " + round, requests));
                System.out.println(flow.line("flow, round " + round, requests));
                System.out.printf(
                        "ratio: %.2f by CPU, %.2f by wall clock%n",
                        flow.perCpuSecond(requests) / bare.perCpuSecond(requests),
                        flow.perSecond(requests) / bare.perSecond(requests));
            }
        }
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    /** An echo of bytes on plain threads, as cheap as it gets. */
    private static int echo() throws Exception {
        ServerSocket server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        daemon(() -> {
            while (true) {
                Socket socket = server.accept();
                socket.setTcpNoDelay(true);
                daemon(() -> echo(socket));
            }
        });
        return server.getLocalPort();
    }

    private static void echo(Socket socket) throws Exception {
        byte[] bytes = new byte[1 << 16];
        try (InputStream in = socket.getInputStream();
                OutputStream out = socket.getOutputStream()) {
            for (int n = in.read(bytes); n >= 0; n = in.read(bytes)) {
                out.write(bytes, 0, n);
            }
        }
    }

    private static void daemon(Measured.Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    private static void flow(Millrace millrace, int port, int requests) {
        Millrace.Outcome outcome = millrace.run("{'source': {'range': " + requests + "}, 'concurrency': "
                + CONNECTIONS * PIPELINE + ", 'steps': [{'tcp': {'host': '127.0.0.1', 'port': " + port
                + ", 'send': 'get ${.value}', 'connections': " + CONNECTIONS + ", 'pipeline': " + PIPELINE
                + "}}], 'sink': 'discard'}");
        if (outcome.exitCode() != 0 || outcome.result().last().read() != requests) {
            throw new IllegalStateException(outcome.result().toString());
        }
    }

    private static void bare(Vertx vertx, int port, int requests) throws Exception {
        Promise<Void> done = Promise.promise();
        vertx.runOnContext(go -> new Loop(vertx, port, requests, done).start());
        done.future().toCompletionStage().toCompletableFuture().get(5, TimeUnit.MINUTES);
    }

    /** What one would write by hand: each reply that comes lets the next request go, and what is sent in one turn is written at once. */
    private static final class Loop {
        private final Vertx vertx;
        private final NetClient client;
        private final int port;
        private final int requests;
        private final Promise<Void> done;
        private int sent;
        private int received;
        private long length;

        Loop(Vertx vertx, int port, int requests, Promise<Void> done) {
            this.vertx = vertx;
            this.client = vertx.createNetClient();
            this.port = port;
            this.requests = requests;
            this.done = done;
        }

        void start() {
            for (int i = 0; i < CONNECTIONS; i++) {
                client.connect(port, "127.0.0.1").onSuccess(this::connected).onFailure(done::tryFail);
            }
        }

        private void connected(NetSocket socket) {
            int[] credit = {PIPELINE};
            RecordParser parser = RecordParser.newDelimited("\n", line -> {
                credit[0]++;
                length += line.toString().length();
                if (++received == requests) {
                    client.close().onComplete(done);
                }
            });
            socket.handler(piece -> {
                parser.handle(piece);
                send(socket, credit);
            });
            send(socket, credit);
        }

        private void send(NetSocket socket, int[] credit) {
            Buffer out = Buffer.buffer();
            while (credit[0] > 0 && sent < requests) {
                credit[0]--;
                out.appendString("get " + sent++ + "\n");
            }
            if (out.length() > 0) {
                vertx.runOnContext(turn -> socket.write(out));
            }
        }
    }
}
