package io.millrace.connect.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.spi.Failure;
import io.millrace.spi.Frame;
import io.vertx.core.Future;
import io.vertx.core.http.HttpClientResponse;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;

/** A request whose body goes to a file. */
final class SavingStep {
    private final Client client;
    private final Save save;
    private final Expect expect;

    SavingStep(Client client, Save save, Expect expect) {
        this.client = client;
        this.save = save;
        this.expect = expect;
    }

    Future<JsonNode> run(Outbound request, Frame frame) {
        Path file = save.file(frame);
        if (!client.beingWritten().add(file)) {
            return Future.failedFuture(Failure.badData("another item is saving to " + file + " just now"));
        }
        Download download = new Download(file, save.exists(), save.expectedHash(frame));
        return blocking(frame, file, download::prepare)
                .compose(start -> start.complete()
                        ? blocking(frame, file, download::describeExisting)
                        : fetch(request, download, start, frame, file))
                .onComplete(done -> client.beingWritten().remove(file));
    }

    private Future<JsonNode> fetch(Outbound request, Download download, Download.Start start, Frame frame, Path file) {
        boolean continued = start.from() > 0 && !start.tag().isEmpty();
        Outbound asked = withHeaders(request, continued ? start : new Download.Start(false, 0, ""));
        Expect wanted = continued ? new Expect(status -> status == 416 || expect.accepts(status)) : expect;
        Fetch.Wish wish =
                new Fetch.Wish(wanted, Optional.of(response -> sink(response, download, continued ? start.from() : 0)));
        return HttpStep.send(client.fetch(asked, wish), frame)
                .compose(answer -> answer.status() == 416
                        ? afterRefusedRange(answer, request, download, start, frame, file)
                        : blocking(frame, file, download::finish).map(saved -> value(answer, saved)));
    }

    /** Asked as it is stored: a compressed one could not be continued. */
    private static Outbound withHeaders(Outbound request, Download.Start start) {
        ObjectNode headers = JsonNodeFactory.instance.objectNode();
        headers.put("accept-encoding", "identity");
        if (start.from() > 0) {
            headers.put("range", "bytes=" + start.from() + "-").put("if-range", start.tag());
        }
        headers.setAll(request.headers());
        return new Outbound(request.method(), request.target(), headers, request.payload(), request.origin());
    }

    private BodySink sink(HttpClientResponse response, Download download, long from) {
        if (response.statusCode() == 416) {
            return FileBody.nothing();
        }
        boolean continues = response.statusCode() == 206 && from > 0;
        String range = String.valueOf(response.getHeader("content-range"));
        if (continues && !range.startsWith("bytes " + from + "-")) {
            throw FileBody.wrongRange(range);
        }
        long limit = client.settings().maxSaved().orElse(Long.MAX_VALUE);
        return new FileBody(client.vertx(), download, continues ? from : 0, limit, response);
    }

    /** Nothing lies behind what is there: it is complete, or it is of something else and is fetched anew. */
    private Future<JsonNode> afterRefusedRange(
            Answer answer, Outbound request, Download download, Download.Start start, Frame frame, Path file) {
        if (answer.header("content-range").equals("bytes */" + start.from())) {
            return blocking(frame, file, download::finish).map(saved -> value(answer, saved));
        }
        return fetch(request, download, new Download.Start(false, 0, ""), frame, file);
    }

    private static JsonNode value(Answer answer, JsonNode saved) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("status", answer.status());
        json.set("headers", answer.headersJson());
        json.setAll((ObjectNode) saved);
        return json.put("url", answer.url()).put("elapsedMs", answer.elapsedMs());
    }

    private static <T> Future<T> blocking(Frame frame, Path file, Callable<T> work) {
        return frame.scope()
                .blocking("default", work)
                .recover(thrown -> Future.failedFuture(
                        thrown instanceof java.io.IOException ? Download.cannotWrite(file, thrown) : thrown));
    }
}
