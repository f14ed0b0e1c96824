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

    void stage(StageView stage) {
        if (stage.at(Language.CONCURRENCY).json().isObject()) {
            missing(stage.at(Language.CONCURRENCY), "Adaptive concurrency", "Write a number.");
        }
    }

    private void missing(Cursor at, String what, String mend) {
        check.error(at, what + " is not available in this version.", mend);
    }
}
