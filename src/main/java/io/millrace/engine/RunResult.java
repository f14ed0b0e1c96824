package io.millrace.engine;

import io.millrace.ledger.RunSummary;
import java.util.Optional;

/**
 * How a run ended.
 *
 * @param reason why it failed or was interrupted, as a sentence for the user; empty when it is done
 * @param last the figures at the end
 * @param before the run that had done all of it before, so that there was nothing to do
 */
public record RunResult(Outcome outcome, String reason, RunSnapshot last, Optional<RunSummary> before) {
    /** The ways a run ends. */
    public enum Outcome {
        /** All is settled; perhaps with dead letters. */
        DONE,
        /** A source, sink, resource or limit stopped it, or {@code "onError": "stop"}. */
        FAILED,
        /** It was asked to stop before it was done. */
        INTERRUPTED
    }

    /** 0 done, 1 failed, 3 done with dead letters, 130 interrupted. */
    public int exitCode() {
        return switch (outcome) {
            case DONE -> before.isPresent() ? before.get().exitCode() : last.deadLetters() > 0 ? 3 : 0;
            case FAILED -> 1;
            case INTERRUPTED -> 130;
        };
    }
}
