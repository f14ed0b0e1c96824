package io.millrace.engine;

/**
 * How a run ended.
 *
 * @param reason why it failed or was interrupted, as a sentence for the user; empty when it is done
 * @param last the figures at the end
 */
public record RunResult(Outcome outcome, String reason, RunSnapshot last) {
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
            case DONE -> last.deadLetters() > 0 ? 3 : 0;
            case FAILED -> 1;
            case INTERRUPTED -> 130;
        };
    }
}
