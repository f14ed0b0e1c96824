package io.millrace.connect.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.spi.Assembly;
import io.millrace.spi.Frame;
import io.millrace.spi.Scope;
import io.millrace.spi.Settings;
import io.millrace.spi.Step;
import io.vertx.core.Future;
import java.util.Optional;

/** One request for each item. */
final class HttpStep implements Step {
    /** A body larger than this is read in a worker pool, not on the event loop. */
    private static final int LARGE = 1024 * 1024;

    private final Client client;
    private final RequestTemplate request;
    private final Expect expect;
    private final Bodies.Read read;
    private final Optional<SavingStep> saving;

    HttpStep(Settings settings, Assembly assembly) {
        this.client = assembly.resource(settings.find(StepFields.CLIENT), "http", Client.class);
        this.request = new RequestTemplate(settings, assembly);
        this.expect = settings.find(StepFields.EXPECT).orElse(Expect.NO_ERROR);
        this.read = settings.get(StepFields.READ);
        this.saving = Save.of(settings, assembly).map(save -> new SavingStep(client, save, expect));
    }

    @Override
    public Future<JsonNode> run(Frame frame) {
        Outbound outbound = request.of(frame);
        return saving.isPresent()
                ? saving.get().run(outbound, frame)
                : send(client.fetch(outbound, Fetch.Wish.inMemory(expect)), frame)
                        .compose(answer -> value(answer, frame));
    }

    /** Sends it, cancelled with the frame's scope. */
    static Future<Answer> send(Fetch fetch, Frame frame) {
        Scope.Handle handle = frame.scope().onCancel(fetch);
        return fetch.run().onComplete(done -> handle.dispose());
    }

    private Future<JsonNode> value(Answer answer, Frame frame) {
        return answer.body().length > LARGE
                ? frame.scope().blocking("default", () -> json(answer))
                : Future.succeededFuture(json(answer));
    }

    private JsonNode json(Answer answer) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("status", answer.status());
        json.set("headers", answer.headersJson());
        json.set("body", Bodies.read(answer, read));
        return json.put("url", answer.url()).put("bytes", answer.body().length).put("elapsedMs", answer.elapsedMs());
    }
}
