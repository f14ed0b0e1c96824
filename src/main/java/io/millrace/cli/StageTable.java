package io.millrace.cli;

import io.millrace.engine.RunSnapshot;
import io.millrace.engine.RunSnapshot.StageSnapshot;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** The stages of a run and their figures, at its end. */
final class StageTable {
    private static final List<String> HEAD =
            List.of("stage", "in", "out", "failed", "retried", "dropped", "rate/s", "p50", "p99");

    private StageTable() {}

    static void print(RunSnapshot run, PrintStream err, Paint paint) {
        List<List<String>> rows = new ArrayList<>(List.of(HEAD));
        run.stages().forEach(stage -> rows.add(row(stage, run.elapsed())));
        int[] widths = IntStream.range(0, HEAD.size())
                .map(column -> rows.stream()
                        .mapToInt(row -> row.get(column).length())
                        .max()
                        .orElse(0))
                .toArray();
        for (List<String> row : rows) {
            String line = line(row, widths);
            err.println(row == HEAD ? paint.faint(line) : line);
        }
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

    private static String line(List<String> row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < widths.length; column++) {
            String gap = " ".repeat(widths[column] - row.get(column).length());
            line.append(column == 0 ? row.get(column) + gap : "  " + gap + row.get(column));
        }
        return line.toString();
    }
}
