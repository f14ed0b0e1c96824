package io.millrace.cli;

import io.millrace.engine.RunSnapshot;
import io.millrace.engine.RunSnapshot.StageSnapshot;
import java.time.Duration;
import java.util.Set;
import java.util.StringJoiner;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A snapshot in a line. */
final class ProgressText {
    private ProgressText() {}

    /**
     * {@code 00:10 running: pages 12,431 in, 1,243/s, 64 in flight, queue 1,024/1,024, 2 failed; store …}.
     *
     * @param before the snapshot since which rates are told; null: since the start
     */
    static String line(RunSnapshot now, @Nullable RunSnapshot before) {
        Duration since = before == null ? now.elapsed() : now.elapsed().minus(before.elapsed());
        return now.stages().stream()
                .map(stage -> stage(stage, in(before, stage.name()), since))
                .collect(Collectors.joining("; ", Words.clock(now.elapsed()) + " " + now.state() + ": ", ""));
    }

    private static String stage(StageSnapshot stage, long inBefore, Duration since) {
        StringJoiner text = new StringJoiner(", ");
        text.add(stage.name() + " " + Words.count(stage.in()) + " in");
        text.add(Words.perSecond(stage.in() - inBefore, since) + "/s");
        text.add(Words.count(stage.inFlight()) + " in flight");
        if (stage.queued() > 0) {
            text.add("queue " + Words.count(stage.queued()) + "/" + Words.count(stage.capacity()));
        }
        if (stage.stored() > 0) {
            text.add(Words.count(stage.stored()) + " in the store");
        }
        if (stage.failed() > 0) {
            text.add(Words.count(stage.failed()) + " failed");
        }
        if (stage.leftBehind() > 0) {
            text.add(Words.count(stage.leftBehind(), "cancelled call") + " still running");
        }
        return text.toString();
    }

    private static long in(@Nullable RunSnapshot snapshot, String stage) {
        return snapshot == null
                ? 0
                : snapshot.stages().stream()
                        .filter(s -> s.name().equals(stage))
                        .mapToLong(StageSnapshot::in)
                        .findAny()
                        .orElse(0);
    }

    /** What stands behind the bar: {@code 64 in flight, 2 failed}. */
    static String aside(RunSnapshot now) {
        long inFlight = now.stages().stream().mapToLong(StageSnapshot::inFlight).sum();
        long failed = now.stages().stream().mapToLong(StageSnapshot::failed).sum();
        String state = now.state().equals("running") ? "" : now.state() + ", ";
        long stored = now.stages().stream().mapToLong(StageSnapshot::stored).sum();
        return state + Words.count(inFlight) + " in flight"
                + (stored == 0 ? "" : ", " + Words.count(stored) + " in the store")
                + (failed == 0 ? "" : ", " + Words.count(failed) + " failed");
    }

    /**
     * Records that are through: they have entered, and neither wait nor run any more. What is {@code read} counts records before
     * they have come, so it is only the bound.
     *
     * @param sources the stages that records enter
     */
    static long settled(RunSnapshot now, Set<String> sources) {
        long settled = 0;
        for (StageSnapshot stage : now.stages()) {
            boolean entrance = sources.contains(stage.name());
            settled += (entrance ? stage.in() : -stage.queued()) - stage.inFlight();
        }
        return Math.max(0, Math.min(settled, now.read()));
    }
}
