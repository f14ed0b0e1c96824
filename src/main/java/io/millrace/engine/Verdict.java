package io.millrace.engine;

import io.millrace.engine.RunResult.Outcome;

/** How a run ends, and why: what is said first counts. Changed on the run's loop, read anywhere. */
final class Verdict {
    private volatile Outcome outcome = Outcome.DONE;
    private volatile String reason = "";
    private volatile boolean sealed;

    void failed(String why) {
        say(Outcome.FAILED, why);
    }

    void interrupted(String why) {
        say(Outcome.INTERRUPTED, why);
    }

    private void say(Outcome how, String why) {
        if (isGood() && !sealed) {
            reason = why;
            outcome = how;
        }
    }

    /** Nothing that is said from now on counts. */
    void seal() {
        sealed = true;
    }

    boolean isGood() {
        return outcome == Outcome.DONE;
    }

    Outcome outcome() {
        return outcome;
    }

    String reason() {
        return reason;
    }
}
