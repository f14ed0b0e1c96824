package io.millrace.engine.durable;

import io.millrace.engine.item.Root;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * How much this process has done in a run, as its commits keep it: in all, and by the stages whose sources or queues the records came from. Confined to the
 * committer's loop, but for {@link #records}.
 */
final class Done {
    static final String RECORDS = "records";

    private Map<String, Long> counts = Map.of();
    private Map<String, Long> next = Map.of();
    private volatile long records;

    /** How many records of a run are done, as its processes have told. */
    static long in(Map<String, Long> counts) {
        return counts.getOrDefault(RECORDS, 0L);
    }

    /** What it comes to if this is kept. */
    Map<String, Long> with(Take take) {
        Map<String, Long> sum = new TreeMap<>(counts);
        take.roots().stream()
                .collect(Collectors.groupingBy(Root::stage, Collectors.counting()))
                .forEach((stage, count) -> {
                    sum.merge(RECORDS, count, Long::sum);
                    sum.merge(RECORDS + " " + stage, count, Long::sum);
                });
        next = sum;
        return sum;
    }

    /** What was reckoned last was kept. */
    void kept() {
        counts = next;
        records = in(counts);
    }

    /** How many records. Any thread. */
    long records() {
        return records;
    }
}
