package io.millrace.cli;

import io.millrace.engine.RunSnapshot;
import io.millrace.engine.RunSnapshot.StageSnapshot;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The stages of a run and their figures, at its end. */
final class StageTable {
    private static final List<String> HEAD =
            List.of("stage", "in", "out", "failed", "retried", "dropped", "rate/s", "p50", "p99");

    private StageTable() {}

    static void print(RunSnapshot run, PrintStream err, Paint paint) {
        List<List<String>> rows = new ArrayList<>(List.of(HEAD));
        run.stages().forEach(stage -> rows.add(row(stage, run.elapsed())));
        List<String> lines = Columns.lines(rows, 1);
        err.println(paint.faint(lines.get(0)));
        lines.stream().skip(1).forEach(err::println);
    }

    private static List<String> row(StageSnapshot stage, Duration elapsed) {
        return List.of(
                stage.name(),
                Words.count(stage.in()),
                Words.count(stage.out()),
                Words.count(stage.failed()),
                Words.count(stage.retried()),
                Words.count(stage.dropped()),
                Words.perSecond(stage.in(), elapsed),
                Words.millis(stage.p50()),
                Words.millis(stage.p99()));
    }
}
