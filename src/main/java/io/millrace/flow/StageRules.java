package io.millrace.flow;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.spi.Cursor;

/** What must hold between the fields of one stage. */
final class StageRules {
    private final FlowCheck check;
    private final Edges graph;

    StageRules(FlowCheck check, Edges graph) {
        this.check = check;
        this.graph = graph;
    }

    void check(StageView stage) {
        results(stage);
        batch(stage);
        after(stage);
        instances(stage);
        ordered(stage);
        collect(stage);
    }

    private void results(StageView stage) {
        if (stage.has(Language.TO) && stage.has(Language.SINK)) {
            check.errorAtName(
                    stage.at(Language.SINK),
                    "\"to\" and \"sink\" exclude each other: a result goes to one place.",
                    "Remove one; \"to\": [\"a\", \"b\"] gives each stage a copy.");
        } else if (!stage.has(Language.TO)
                && !stage.has(Language.SINK)
                && !check.declared().single()) {
            check.warnAtName(
                    stage.at(),
                    "The results of the stage " + Words.quoted(stage.name()) + " go nowhere.",
                    "Add \"to\" or \"sink\"; if that is meant, \"sink\": \"discard\".");
        }
    }

    private void batch(StageView stage) {
        boolean hasSink = stage.has(Language.SINK) || (check.declared().single() && !stage.has(Language.TO));
        if (stage.has(Language.BATCH) && !hasSink) {
            check.errorAtName(
                    stage.at(Language.BATCH),
                    "\"batch\" is for a sink, and this stage has none.",
                    "Remove it, or move it to the stage with the sink.");
        }
    }

    private void after(StageView stage) {
        if (stage.has(Language.AFTER) && !stage.has(Language.SOURCE)) {
            check.errorAtName(
                    stage.at(Language.AFTER),
                    "\"after\" holds back a source, and this stage has none.",
                    "Move it to the stage whose source should wait.");
        }
    }

    private void instances(StageView stage) {
        int instances = stage.find(Language.INSTANCES).orElse(1);
        int concurrency = stage.find(Language.CONCURRENCY).orElse(Integer.MAX_VALUE);
        if (stage.has(Language.INSTANCES) && stage.has(Language.CONCURRENCY) && instances > concurrency) {
            check.error(
                    stage.at(Language.INSTANCES),
                    instances + " instances share a concurrency of " + concurrency + ", so some would never work.",
                    "Raise \"concurrency\" to at least " + instances + ", or lower \"instances\".");
        }
    }

    private void ordered(StageView stage) {
        if (!stage.find(Language.ORDERED).orElse(false)) {
            return;
        }
        Cursor at = stage.at(Language.ORDERED);
        if (stage.find(Language.INSTANCES).orElse(1) != 1) {
            check.error(
                    at,
                    "An ordered stage needs exactly one instance.",
                    "Remove \"instances\"; \"concurrency\" may stay.");
        }
        if (graph.inCycle(stage.name())) {
            check.error(
                    at,
                    "A stage in a cycle cannot be ordered: it would wait for items that it has yet to make.",
                    "Remove \"ordered\".");
        }
    }

    /** Groups are kept per instance: unless dealt out by the same value, items of one group would come to several. */
    private void collect(StageView stage) {
        if (stage.find(Language.INSTANCES).orElse(1) == 1) {
            return;
        }
        String key = bare(stage.at(Language.QUEUE).json().path(Language.KEY.name()));
        Cursor steps = stage.at(Language.STEPS);
        for (int i = 0; i < steps.json().size(); i++) {
            JsonNode collect = steps.json().path(i).path("collect");
            if (collect.has("by") && !bare(collect.path("by")).equals(key)) {
                check.error(
                        steps.child(i).child("collect").child("by"),
                        "Each instance would collect groups of its own, as items of one group go to any of them.",
                        "Add \"queue\": {\"key\": " + collect.path("by") + "}, or use one instance.");
            }
        }
    }

    /** jq, however it is wrapped and spaced at its ends. */
    private static String bare(JsonNode jq) {
        String text = jq.asText().strip();
        return text.startsWith("${") && text.endsWith("}")
                ? text.substring(2, text.length() - 1).strip()
                : text;
    }
}
