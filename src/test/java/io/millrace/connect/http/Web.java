package io.millrace.connect.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.spi.Failure;
import io.millrace.spi.Step;
import io.millrace.testkit.Await;
import io.millrace.testkit.TestAssembly;
import io.millrace.testkit.TestFrame;
import io.millrace.testkit.TestJson;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Servers on loopback and a client to ask them. */
final class Web implements AutoCloseable {
    private static final Vertx VERTX = Vertx.vertx();

    private final List<Client> clients = new ArrayList<>();
    private final List<HttpServer> servers = new ArrayList<>();
    private final List<NetServer> netServers = new ArrayList<>();
    private Path folder = Path.of("").toAbsolutePath();

    /** Paths of steps are below this folder. */
    Web in(Path directory) {
        folder = directory;
        return this;
    }

    Vertx vertx() {
        return VERTX;
    }

    /** The URL of a new server. */
    String serve(Handler<HttpServerRequest> handler) {
        HttpServer server =
                Await.get(VERTX.createHttpServer().requestHandler(handler).listen(0, "127.0.0.1"));
        servers.add(server);
        return "http://127.0.0.1:" + server.actualPort();
    }

    /** The URL of a server that speaks bytes. */
    String serveRaw(Handler<NetSocket> handler) {
        NetServer server =
                Await.get(VERTX.createNetServer().connectHandler(handler).listen(0, "127.0.0.1"));
        netServers.add(server);
        return "http://127.0.0.1:" + server.actualPort();
    }

    /** The URL of a server that sends these bytes to whoever sends it something, and then closes. */
    String answering(String bytes) {
        return serveRaw(socket -> socket.handler(asked -> {
            socket.write(bytes);
            socket.end();
        }));
    }

    /** An open client. */
    Client client(String settings) {
        Client client =
                new Client(assembly().settings(new HttpConnector.ClientResource().spec(), settings), assembly());
        clients.add(client);
        Await.onLoop(VERTX, client::open);
        return client;
    }

    /** The step, through a client with default settings. */
    Step step(String settings) {
        return step(client("{}"), settings);
    }

    Step step(Client client, String settings) {
        return assembly().with("http", client).step(new HttpConnector.RequestStep(), settings);
    }

    TestAssembly assembly() {
        return new TestAssembly(VERTX).in(folder);
    }

    TestFrame frame(String document) {
        return new TestFrame(VERTX, TestJson.read(document));
    }

    JsonNode run(Step step, String document) {
        return Await.onLoop(VERTX, () -> step.run(frame(document)));
    }

    /** The value of the step for a URL. */
    JsonNode get(String url) {
        return run(step("{url: '" + url + "'}"), "{}");
    }

    Failure failure(Step step) {
        return failure(step, "{}");
    }

    Failure failure(Step step, String document) {
        return (Failure) Await.failure(start(step, frame(document)));
    }

    /** Runs the step on a loop, as the engine does, without waiting for it. */
    Future<JsonNode> start(Step step, TestFrame frame) {
        io.vertx.core.Promise<JsonNode> promise = io.vertx.core.Promise.promise();
        VERTX.getOrCreateContext().runOnContext(v -> {
            try {
                step.run(frame).onComplete(promise);
            } catch (RuntimeException e) {
                promise.fail(e);
            }
        });
        return promise.future();
    }

    @Override
    public void close() {
        clients.forEach(client -> Await.get(client.close()));
        servers.forEach(server -> Await.get(server.close()));
        netServers.forEach(server -> Await.get(server.close()));
    }
}
