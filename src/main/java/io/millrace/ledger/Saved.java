package io.millrace.ledger;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All that is kept of a run, as of its last commit.
 *
 * @param counts sums over all processes that ran it
 * @param starts how often it was opened since the last commit and before now: many mean that a record kills the process
 * @param trial what the last process tried alone when it ended; null: nothing
 */
public record Saved(
        RunSummary run,
        ObjectNode shape,
        List<Progress> progress,
        List<FileMark> files,
        Map<String, Long> counts,
        int starts,
        @Nullable ObjectNode trial) {
    public Saved {
        progress = List.copyOf(progress);
        files = List.copyOf(files);
        counts = Map.copyOf(counts);
    }
}
