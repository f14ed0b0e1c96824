package io.millrace.flow;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.spi.Cursor;

/** What the language has and this version cannot run: said when the flow is checked, not left out in silence. */
final class NotYet {
    private final FlowCheck check;

    NotYet(FlowCheck check) {
        this.check = check;
    }

    void flow(Cursor root) {
        if (isOn(root.json().path("durable"))) {
            missing(
                    root.child("durable"),
                    "A durable flow",
                    "Remove \"durable\": the flow then runs in memory, and keeps its dead letters in a file.");
        }
        if (root.json().has("schedule")) {
            missing(root.child("schedule"), "\"schedule\"", "Remove it, and let cron call `millrace run`.");
        }
    }

    void stage(Cursor stage) {
        Cursor queue = stage.child("queue");
        if (isOn(queue.json().path("durable"))) {
            missing(queue.child("durable"), "A durable queue", "Remove \"durable\": the queue is then in memory.");
        }
        if (queue.json().path("unique").has("for")) {
            missing(
                    queue.child("unique").child("for"),
                    "Remembering across runs",
                    "Remove \"for\": values are then remembered within one run.");
        }
        if (stage.json().path("concurrency").isObject()) {
            missing(stage.child("concurrency"), "Adaptive concurrency", "Write a number.");
        }
    }

    private void missing(Cursor at, String what, String mend) {
        check.error(at, what + " is not available in this version.", mend);
    }

    private static boolean isOn(JsonNode durable) {
        return durable.isTextual() || durable.booleanValue();
    }
}
