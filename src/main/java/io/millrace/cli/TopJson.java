package io.millrace.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.temporal.ChronoUnit;

/** A look at all runs as a line for other programs. */
final class TopJson {
    private TopJson() {}

    static ObjectNode of(Look look) {
        ObjectNode json =
                object().put("at", look.at().truncatedTo(ChronoUnit.MILLIS).toString());
        if (!look.trouble().isEmpty()) {
            json.put("trouble", look.trouble());
        }
        ArrayNode runs = json.putArray("runs");
        look.runs().forEach(run -> runs.add(run(look, run)));
        return json;
    }

    private static ObjectNode run(Look look, TopRun run) {
        ObjectNode json = object().put("run", run.id())
                .put("flow", run.flow())
                .put("state", run.state())
                .put("elapsedMs", run.elapsed().toMillis())
                .put("done", run.done())
                .put("pending", run.pending())
                .put("perSecond", look.perSecond(run))
                .put("deadLetters", run.dead());
        ArrayNode stages = json.putArray("stages");
        run.stages()
                .forEach(stage -> stages.addObject()
                        .put("name", stage.name())
                        .put("inFlight", stage.inFlight())
                        .put("queued", stage.queued())
                        .put("later", stage.later())
                        .put("done", stage.done())
                        .put("perSecond", look.perSecond(run, stage))
                        .put("failed", stage.failed())
                        .put("deadLetters", stage.dead()));
        ArrayNode sources = json.putArray("sources");
        run.sources()
                .forEach(source -> sources.addObject()
                        .put("stage", source.stage())
                        .put("part", source.part())
                        .put("read", source.read())
                        .put("open", source.open())
                        .put("ended", source.ended()));
        ArrayNode hands = json.putArray("processes");
        run.hands().forEach(hand -> {
            ObjectNode one = hands.addObject().put("host", hand.host()).put("pid", hand.pid());
            hand.sinceBeat().ifPresent(time -> one.put("sinceBeatMs", time.toMillis()));
            hand.does().forEach(one.putArray("does")::add);
        });
        return json;
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}
