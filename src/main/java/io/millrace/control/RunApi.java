package io.millrace.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.engine.Engine;
import io.millrace.engine.Run;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The runs of this process over HTTP. What goes wrong is {@code {code, message}}.
 *
 * <pre>
 * GET  /api/v1/runs                         {runs: [run]}
 * GET  /api/v1/runs/ID                      run
 * POST /api/v1/runs/ID/cancel               run, at its end
 * POST /api/v1/runs/ID/items/ITEM/cancel    {cancelled: how many of it were running}
 * </pre>
 */
final class RunApi {
    static final String RUNS = "/api/v1/runs";

    private final Engine engine;

    RunApi(Engine engine) {
        this.engine = engine;
    }

    Router router(Vertx vertx) {
        Router router = Router.router(vertx);
        router.get(RUNS).handler(this::list);
        router.get(RUNS + "/:run").handler(at -> with(at, run -> answer(at, RunView.of(run))));
        router.post(RUNS + "/:run/cancel").handler(at -> with(at, run -> cancel(at, run)));
        router.post(RUNS + "/:run/items/:item/cancel").handler(at -> with(at, run -> cancelItem(at, run)));
        router.errorHandler(
                404, at -> problem(at, 404, "not-found", "There is nothing at " + path(at.request()) + "."));
        router.errorHandler(
                405,
                at -> problem(at, 405, "method", at.request().method() + " is not for " + path(at.request()) + "."));
        router.errorHandler(500, at -> problem(at, 500, "internal", "This is a mistake of Millrace: see its log."));
        return router;
    }

    private static String path(HttpServerRequest request) {
        return String.valueOf(request.path());
    }

    private void list(RoutingContext at) {
        ObjectNode all = JsonNodeFactory.instance.objectNode();
        var runs = all.putArray("runs");
        engine.runs().forEach(run -> runs.add(RunView.of(run)));
        answer(at, all);
    }

    private void with(RoutingContext at, Consumer<Run> then) {
        String id = at.pathParam("run");
        Optional<Run> found =
                engine.runs().stream().filter(run -> run.id().equals(id)).findFirst();
        found.ifPresentOrElse(then, () -> problem(at, 404, "no-run", "No run " + id + " is under way here."));
    }

    private static void cancel(RoutingContext at, Run run) {
        run.cancel("millrace cancel");
        run.result().onSuccess(result -> answer(at, RunView.of(run, result)));
    }

    private static void cancelItem(RoutingContext at, Run run) {
        String item = at.pathParam("item");
        run.cancelItem(item).onSuccess(count -> {
            if (count == 0) {
                problem(at, 404, "no-item", "No item " + item + " is running. What waits in a queue has no slot yet.");
            } else {
                answer(at, JsonNodeFactory.instance.objectNode().put("cancelled", count));
            }
        });
    }

    private static void answer(RoutingContext at, JsonNode body) {
        at.response().putHeader("content-type", "application/json").end(body.toString());
    }

    private static void problem(RoutingContext at, int status, String code, String message) {
        at.response().setStatusCode(status);
        answer(at, JsonNodeFactory.instance.objectNode().put("code", code).put("message", message));
    }
}
