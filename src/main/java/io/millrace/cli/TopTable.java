package io.millrace.cli;

import java.time.Duration;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A look at all runs, as lines no wider than the terminal.
 *
 * @param columns its width
 */
record TopTable(int columns, Paint paint) {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");
    private static final List<String> RUNS =
            List.of("run", "flow", "state", "for", "done", "pending", "rate/s", "dead");
    private static final List<String> STAGES =
            List.of("stage", "in flight", "queued", "later", "done/s", "failed", "dead");
    private static final List<String> HANDS = List.of("process", "beat", "does");
    private static final String INDENT = "  ";

    List<String> lines(Look look) {
        List<String> lines = new ArrayList<>();
        lines.add(head(look));
        if (!look.trouble().isEmpty()) {
            lines.add(paint.error(fit(look.trouble())));
        }
        if (look.runs().isEmpty()) {
            lines.add("nothing is under way");
            return lines;
        }
        lines.add("");
        table(runs(look), 3, "", lines);
        look.runs().stream().filter(run -> !run.hands().isEmpty()).forEach(run -> details(run, look, lines));
        return lines;
    }

    private String head(Look look) {
        long processes = look.runs().stream()
                .flatMap(run -> run.hands().stream())
                .map(hand -> hand.host() + ":" + hand.pid())
                .distinct()
                .count();
        return paint.bold(fit("millrace top  " + TIME.format(look.at().atZone(ZoneId.systemDefault())) + "  "
                + Words.count(look.runs().size(), "run") + ", " + processes
                + (processes == 1 ? " process" : " processes")));
    }

    private static List<List<String>> runs(Look look) {
        List<List<String>> rows = new ArrayList<>(List.of(RUNS));
        look.runs()
                .forEach(run -> rows.add(List.of(
                        run.id(),
                        run.flow(),
                        run.state(),
                        Words.time(run.elapsed()),
                        Words.count(run.done()),
                        Words.count(run.pending()),
                        Words.rate(look.perSecond(run)),
                        Words.count(run.dead()))));
        return rows;
    }

    private void details(TopRun run, Look look, List<String> lines) {
        lines.add("");
        lines.add(paint.bold(fit("run " + run.id() + "  " + run.flow())));
        if (!run.stages().isEmpty()) {
            List<List<String>> rows = new ArrayList<>(List.of(STAGES));
            run.stages()
                    .forEach(stage -> rows.add(List.of(
                            stage.name(),
                            Words.count(stage.inFlight()),
                            Words.count(stage.queued()),
                            Words.count(stage.later()),
                            Words.rate(look.perSecond(run, stage)),
                            Words.count(stage.failed()),
                            Words.count(stage.dead()))));
            table(rows, 1, INDENT, lines);
        }
        List<List<String>> rows = new ArrayList<>(List.of(HANDS));
        run.hands()
                .forEach(hand -> rows.add(List.of(
                        hand.host() + ":" + hand.pid(),
                        hand.sinceBeat().map(TopTable::ago).orElse("-"),
                        hand.does().isEmpty() ? "nothing yet" : String.join(", ", hand.does()))));
        table(rows, HANDS.size(), INDENT, lines);
    }

    private void table(List<List<String>> rows, int left, String indent, List<String> into) {
        List<String> lines = Columns.lines(rows, left).stream()
                .map(line -> fit(indent + line.stripTrailing()))
                .collect(Collectors.toList());
        lines.set(0, paint.faint(lines.get(0)));
        into.addAll(lines);
    }

    private String fit(String line) {
        return line.length() <= columns ? line : line.substring(0, columns - 1) + "…";
    }

    private static String ago(Duration time) {
        return time.toSeconds() + " s";
    }
}
