package io.millrace.engine.durable;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.ledger.LedgerRun;
import io.millrace.ledger.Progress;
import io.millrace.ledger.Progress.Pending;
import io.millrace.spi.Replayable;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What a process says of a run that it goes on with. */
final class Resumption {
    private Resumption() {}

    /** {@code resuming run 17 at 53,120 of urls.txt (stage "urls"): 53,108 records are done, 12 before that are not and are read again}. */
    static String source(long run, String stage, Replayable source, Progress at) {
        long open = at.pending().stream().mapToLong(Pending::count).sum();
        JsonNode last = at.last();
        String where = last == null ? "its beginning" : source.place(last);
        String again = open == 0
                ? ""
                : ", " + count(open) + (open == 1 ? " before that is not and is" : " before that are not and are")
                        + " read again";
        return "resuming run " + run + " at " + where + " (stage \"" + stage + "\"): "
                + counted(at.seq() - open, "record is", "records are") + " done" + again;
    }

    /** {@code resuming run 17: 5,120 items wait in queues (pages 5,000, store 120)}. */
    static String queues(long run, Map<String, Long> rows) {
        long sum = rows.values().stream().mapToLong(Long::longValue).sum();
        boolean exact = rows.values().stream().allMatch(count -> count <= LedgerRun.COUNTED);
        String stages = new TreeMap<>(rows)
                .entrySet().stream()
                        .map(stage -> stage.getKey() + " " + count(stage.getValue()))
                        .collect(Collectors.joining(", "));
        return "resuming run " + run + ": " + (exact ? "" : "about ") + counted(sum, "item waits", "items wait")
                + " in queues (" + stages + ")";
    }

    private static String counted(long count, String one, String many) {
        return count(count) + " " + (count == 1 ? one : many);
    }

    private static String count(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }
}
