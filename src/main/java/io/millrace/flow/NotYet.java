package io.millrace.flow;

import io.millrace.spi.Cursor;

/** What the language has and this version cannot run: said when the flow is checked, not left out in silence. */
final class NotYet {
    private final FlowCheck check;

    NotYet(FlowCheck check) {
        this.check = check;
    }

    void flow(Cursor root) {
        if (root.json().has("schedule")) {
            missing(root.child("schedule"), "\"schedule\"", "Remove it, and let cron call `millrace run`.");
        }
    }

    /** @param keepsQueue whether its queue is a table, be it because the flow is durable */
    void stage(StageView stage, boolean keepsQueue) {
        if (keepsQueue) {
            durableQueue(stage);
        }
        if (stage.at(Language.QUEUE).json().path("unique").has("for")) {
            missing(
                    stage.at(Language.QUEUE).child("unique").child("for"),
                    "Remembering across runs",
                    "Remove \"for\": values are then remembered within one run.");
        }
        if (stage.at(Language.CONCURRENCY).json().isObject()) {
            missing(stage.at(Language.CONCURRENCY), "Adaptive concurrency", "Write a number.");
        }
    }

    private void durableQueue(StageView stage) {
        Cursor queue = stage.at(Language.QUEUE);
        if (queue.json().path("durable").booleanValue()) {
            missing(queue.child("durable"), "A durable queue", "Remove \"durable\": the queue is then in memory.");
        } else {
            boolean unique = queue.json().has("unique");
            missing(
                    unique ? queue.child("unique") : stage.at(),
                    "A durable queue, which " + (unique ? "\"unique\"" : "a cycle") + " needs in a durable flow,",
                    "Remove \"durable\" from the flow: it then runs in memory.");
        }
    }

    private void missing(Cursor at, String what, String mend) {
        check.error(at, what + " is not available in this version.", mend);
    }
}
