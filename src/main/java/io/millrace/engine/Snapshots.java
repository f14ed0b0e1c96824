package io.millrace.engine;

import io.millrace.engine.RunSnapshot.StageSnapshot;
import io.millrace.engine.stage.StageMetrics;
import io.millrace.flow.Flow;
import io.millrace.flow.Stage;
import io.millrace.flow.To;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** Sums the figures of a run. Any thread. */
final class Snapshots {
    private record Live(Flow flow, Deployment deployment, Wiring wiring) {}

    private final String flow;
    private final Account account;
    private final ToLongFunction<String> leftBehind;
    private final Supplier<Optional<RunSnapshot.Kept>> kept;
    private final long startedAt = System.nanoTime();
    private volatile @Nullable Live live;

    /**
     * @param leftBehind how many blocking calls of a stage run on after their items were cancelled
     * @param kept where the run is kept
     */
    Snapshots(
            String flow,
            Account account,
            ToLongFunction<String> leftBehind,
            Supplier<Optional<RunSnapshot.Kept>> kept) {
        this.leftBehind = leftBehind;
        this.kept = kept;
        this.flow = flow;
        this.account = account;
    }

    void running(Flow of, Deployment deployment, Wiring wiring) {
        live = new Live(of, deployment, wiring);
    }

    Wiring wiring() {
        return Objects.requireNonNull(live).wiring();
    }

    RunSnapshot take(String state) {
        Live now = live;
        Duration elapsed = Duration.ofNanos(System.nanoTime() - startedAt);
        List<StageSnapshot> stages = now == null
                ? List.of()
                : now.flow().stages().values().stream()
                        .map(stage -> stage(now, stage))
                        .toList();
        return new RunSnapshot(
                flow,
                state,
                elapsed,
                stages,
                account.deadLetters(),
                account.firstDeadLetter(),
                expected(now),
                account.read(),
                kept.get());
    }

    private static long expected(@Nullable Live now) {
        if (now == null) {
            return -1;
        }
        long sum = 0;
        for (SourceVerticle source : now.deployment().sources()) {
            if (source.expected() < 0) {
                return -1;
            }
            sum += source.expected();
        }
        return sum;
    }

    private StageSnapshot stage(Live now, Stage stage) {
        List<StageMetrics> metrics = now.deployment().instances(stage.name()).stream()
                .map(StageVerticle::metrics)
                .toList();
        Histogram times = new Histogram(2);
        metrics.forEach(each -> each.addTimesTo(times));
        boolean timed = times.getTotalCount() > 0;
        long refused = now.deployment().refused(stage.name());
        return new StageSnapshot(
                stage.name(),
                sum(metrics, StageMetrics::inCount),
                sum(metrics, StageMetrics::outCount) - refused,
                sum(metrics, StageMetrics::failedCount) + refused,
                sum(metrics, StageMetrics::retriedCount),
                sum(metrics, StageMetrics::droppedCount) + now.wiring().dropped(stage.name()),
                sum(metrics, StageMetrics::inFlightNow),
                sum(metrics, StageMetrics::queuedNow),
                stage.queue().capacity(),
                timed ? times.getValueAtPercentile(50) / 1000.0 : Double.NaN,
                timed ? times.getValueAtPercentile(99) / 1000.0 : Double.NaN,
                leftBehind.applyAsLong(stage.name()),
                now.deployment().stored(stage.name()),
                stage.to() instanceof To.None);
    }

    private static long sum(List<StageMetrics> metrics, ToLongFunction<StageMetrics> count) {
        return metrics.stream().mapToLong(count).sum();
    }
}
