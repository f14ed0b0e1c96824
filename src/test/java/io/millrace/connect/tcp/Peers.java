package io.millrace.connect.tcp;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.spi.Failure;
import io.millrace.spi.Step;
import io.millrace.spi.StepType;
import io.millrace.testkit.Await;
import io.millrace.testkit.TestAssembly;
import io.millrace.testkit.TestFrame;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.parsetools.RecordParser;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;

/** Peers on loopback, on event loops of their own, and steps that ask them. */
final class Peers implements AutoCloseable {
    /** Where the steps run. */
    final Vertx vertx = Vertx.vertx();

    final Context context = vertx.getOrCreateContext();

    final TestAssembly assembly = new TestAssembly(vertx);

    /** Connections that the peers have had. */
    final AtomicInteger accepted = new AtomicInteger();

    /** Those that are open. */
    final Set<NetSocket> open = ConcurrentHashMap.newKeySet();

    private final Vertx theirs = Vertx.vertx();

    /** The port of a peer. */
    int serve(Handler<NetSocket> handler) {
        return serve(new NetServerOptions(), handler);
    }

    int serve(NetServerOptions options, Handler<NetSocket> handler) {
        NetServer server = theirs.createNetServer(options).connectHandler(socket -> {
            accepted.incrementAndGet();
            open.add(socket);
            socket.closeHandler(gone -> open.remove(socket));
            socket.exceptionHandler(thrown -> {});
            handler.handle(socket);
        });
        return Await.get(server.listen(0, "127.0.0.1")).actualPort();
    }

    /** The port of a peer that is told each line. */
    int lines(BiConsumer<NetSocket, String> each) {
        return serve(socket ->
                socket.handler(RecordParser.newDelimited("\n", line -> each.accept(socket, line.toString()))));
    }

    /** The port of a peer that answers each line with itself. */
    int echo() {
        return lines((socket, line) -> socket.write(line + "\n"));
    }

    /** The port of a peer that answers whatever comes with these bytes. */
    int answering(Buffer bytes) {
        return serve(socket -> socket.handler(asked -> socket.write(bytes)));
    }

    long timer(long ms, Runnable task) {
        return theirs.setTimer(ms, id -> task.run());
    }

    /** A step that asks 127.0.0.1; further settings as in {@code "send: 'x', length: 4"}. */
    Step step(int port, String settings) {
        return build(new TcpStepType(), "{host: '127.0.0.1', port: " + port + ", " + settings + "}");
    }

    /** A step, built on the event loop that runs it. */
    Step build(StepType type, String settings) {
        Promise<Step> built = Promise.promise();
        context.runOnContext(go -> built.complete(assembly.step(type, settings)));
        return Await.get(built.future());
    }

    JsonNode run(Step step, String document) {
        return Await.get(start(step, document));
    }

    Failure failure(Step step, String document) {
        return (Failure) Await.failure(start(step, document));
    }

    Future<JsonNode> start(Step step, String document) {
        return start(step, new TestFrame(vertx, document));
    }

    Future<JsonNode> start(Step step, TestFrame frame) {
        Promise<JsonNode> promise = Promise.promise();
        context.runOnContext(go -> {
            try {
                step.run(frame).onComplete(promise);
            } catch (RuntimeException thrown) {
                promise.fail(thrown);
            }
        });
        return promise.future();
    }

    @Override
    public void close() {
        Await.get(assembly.close());
        Await.get(vertx.close());
        Await.get(theirs.close());
    }
}
