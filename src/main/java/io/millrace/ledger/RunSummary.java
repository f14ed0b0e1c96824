package io.millrace.ledger;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A run in a list of runs.
 *
 * @param exitCode of a run that is not unfinished; else 0
 * @param ended null while it is unfinished
 * @param deadLetters how many are kept
 * @param runningOn host and process that run it and gave a sign of life within 30 s; null if there is none
 */
public record RunSummary(
        long id,
        String flow,
        String params,
        RunState state,
        int exitCode,
        Instant began,
        @Nullable Instant ended,
        long deadLetters,
        @Nullable String runningOn) {}
