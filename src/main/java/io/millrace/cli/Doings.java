package io.millrace.cli;

import io.millrace.ledger.FileMark;
import io.millrace.ledger.RunWork;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What a process does in a run, in words, from what it holds there. */
final class Doings {
    private static final String SOURCE = "source ";
    private static final String BUCKET = "bucket ";
    private static final String LOCK = "lock ";

    private Doings() {}

    /** {@code reads urls}, {@code writes out.jsonl}, {@code 128 of 256 keys of pages}, {@code 64 items of pages}. */
    static List<String> of(RunWork.Hand hand, RunWork work) {
        boolean alone = work.hands().size() == 1;
        List<String> does = new ArrayList<>(ofLeases(hand.leases()));
        if (alone) {
            work.sources().stream()
                    .filter(source -> !source.ended() && !does.contains("reads " + source.stage()))
                    .forEach(source -> does.add("reads " + source.stage()));
        }
        work.files().stream()
                .filter(file -> file.host().equals(hand.host()) && (alone || isWriter(hand, file, work)))
                .forEach(file -> does.add("writes " + file.path()));
        new TreeMap<>(hand.claimed()).forEach((stage, rows) -> does.add(Words.count(rows, "item") + " of " + stage));
        return does;
    }

    /** The same of leases alone. */
    static List<String> ofLeases(List<String> leases) {
        List<String> does = new ArrayList<>();
        leases.stream()
                .filter(lease -> lease.startsWith(SOURCE))
                .forEach(lease -> does.add("reads " + lease.substring(SOURCE.length())));
        leases.stream()
                .filter(lease -> lease.startsWith("singleton "))
                .forEach(lease -> does.add("runs " + lease.substring("singleton ".length())));
        buckets(leases).forEach((stage, count) -> does.add(count + " of 256 keys of " + stage));
        long locks = leases.stream().filter(lease -> lease.startsWith(LOCK)).count();
        if (locks > 0) {
            does.add(Words.count(locks, "lock"));
        }
        return does;
    }

    private static Map<String, Long> buckets(List<String> leases) {
        return leases.stream()
                .filter(lease -> lease.startsWith(BUCKET))
                .map(lease -> lease.substring(BUCKET.length(), lease.lastIndexOf(' ')))
                .collect(Collectors.groupingBy(stage -> stage, TreeMap::new, Collectors.counting()));
    }

    /** The only process of that machine; or the one that holds the stage, or the source that feeds it. */
    private static boolean isWriter(RunWork.Hand hand, FileMark file, RunWork work) {
        long there = work.hands().stream()
                .filter(other -> other.host().equals(file.host()))
                .count();
        return there == 1
                || new TreeSet<>(hand.leases()).contains("singleton " + file.stage())
                || hand.leases().contains(SOURCE + file.stage());
    }
}
