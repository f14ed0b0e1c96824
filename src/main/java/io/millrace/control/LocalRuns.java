package io.millrace.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The runs of this user's processes on this machine, as another process sees them. */
public final class LocalRuns implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LocalRuns.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LIST_MS = 3000;
    private static final long FOREVER = 0;

    private final SocketFolder folder;
    private final Vertx vertx;
    private final Context context;
    private final HttpClient client;

    private LocalRuns(Vertx vertx, SocketFolder folder) {
        this.folder = folder;
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.client = vertx.createHttpClient(new HttpClientOptions().setConnectTimeout(LIST_MS));
    }

    /** Opens an event loop of its own to ask with. */
    public static LocalRuns open(SocketFolder folder) {
        return new LocalRuns(Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1)), folder);
    }

    /** Closes that event loop. */
    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    /**
     * A run, and where it listens.
     *
     * @param view as the API shows it
     */
    public record Found(Path socket, JsonNode view) {
        public String id() {
            return view.path("id").asText();
        }

        public String flow() {
            return view.path("flow").asText();
        }
    }

    /** An answer that is no success. */
    public static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1;

        Refused(String message) {
            super(message, null, false, false);
        }
    }

    /** All of them. A process that does not answer in time is left out. */
    public Future<List<Found>> list() {
        List<Path> sockets;
        try {
            sockets = folder.sockets();
        } catch (IOException e) {
            return Future.failedFuture(e);
        }
        List<Future<List<Found>>> asked = sockets.stream().map(this::runsOf).toList();
        return Future.join(asked).map(all -> {
            List<Found> found = new ArrayList<>();
            asked.forEach(one -> found.addAll(one.result()));
            return found;
        });
    }

    private Future<List<Found>> runsOf(Path socket) {
        return ask(socket, HttpMethod.GET, RunApi.RUNS, LIST_MS)
                .map(answer -> {
                    List<Found> found = new ArrayList<>();
                    answer.path("runs").forEach(run -> found.add(new Found(socket, run)));
                    return found;
                })
                .recover(thrown -> {
                    LOG.debug("{} does not answer", socket, thrown);
                    return Future.succeededFuture(List.of());
                });
    }

    /** Cancels a run, and gives it as it was at its end. */
    public Future<JsonNode> cancel(Found run) {
        return ask(run.socket(), HttpMethod.POST, RunApi.RUNS + "/" + run.id() + "/cancel", FOREVER);
    }

    /** Cancels an item of a run. */
    public Future<JsonNode> cancelItem(Found run, String item) {
        return ask(run.socket(), HttpMethod.POST, RunApi.RUNS + "/" + run.id() + "/items/" + item + "/cancel", LIST_MS);
    }

    private Future<JsonNode> ask(Path socket, HttpMethod method, String path, long timeoutMs) {
        RequestOptions to = new RequestOptions()
                .setServer(SocketAddress.domainSocketAddress(socket.toString()))
                .setHost("localhost")
                .setPort(80)
                .setMethod(method)
                .setURI(path);
        if (timeoutMs > 0) {
            to.setTimeout(timeoutMs);
        }
        Promise<JsonNode> answer = Promise.promise();
        // On one loop, connection and answer alike: asked from elsewhere, a body may have passed before anybody
        // listens.
        context.runOnContext(ignored -> client.request(to)
                .compose(HttpClientRequest::send)
                .compose(response -> response.body().compose(body -> read(response.statusCode(), body)))
                .onComplete(answer));
        return answer.future();
    }

    private static Future<JsonNode> read(int status, Buffer body) {
        try {
            JsonNode answer = JSON.readTree(body.getBytes());
            return status < 400
                    ? Future.succeededFuture(answer)
                    : Future.failedFuture(new Refused(answer.path("message").asText()));
        } catch (IOException e) {
            return Future.failedFuture(e);
        }
    }
}
