package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.engine.RunSnapshot;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private final ByteArrayOutputStream screen = new ByteArrayOutputStream();
    private final PrintStream err = new PrintStream(screen, true, StandardCharsets.UTF_8);

    @Test
    void a_line_tells_what_each_stage_did_since_the_line_before() {
        RunSnapshot now = ScriptedRun.snapshot(0);
        RunSnapshot.StageSnapshot then = new RunSnapshot.StageSnapshot(
                "pages", 2_431, 0, 0, 0, 0, 0, 0, 1024, Double.NaN, Double.NaN, 0, 0, false);
        RunSnapshot before = new RunSnapshot("flow", "running", Duration.ofMillis(2_300), List.of(then), 0, "", -1, 0);

        String line = ProgressText.line(now, before);

        assertThat(line)
                .isEqualTo("00:12 running: pages 12,431 in, 1,000/s, 64 in flight, queue 1,024/1,024, 2 failed; "
                        + "store 12,429 in, 1,243/s, 0 in flight");
    }

    @Test
    void a_line_tells_what_waits_in_the_store() {
        RunSnapshot.StageSnapshot stage = new RunSnapshot.StageSnapshot(
                "pages", 20, 10, 0, 0, 0, 10, 0, 1024, Double.NaN, Double.NaN, 0, 52_000, true);

        String line = ProgressText.line(
                new RunSnapshot("flow", "running", Duration.ofSeconds(10), List.of(stage), 0, "", -1, 0), null);

        assertThat(line).endsWith("pages 20 in, 2.0/s, 10 in flight, 52,000 in the store");
    }

    @Test
    void plain_progress_tells_a_line_again_and_again_until_closed() {
        List<String> lines = new CopyOnWriteArrayList<>();

        try (PlainProgress progress = new PlainProgress(Duration.ofMillis(5), lines::add)) {
            progress.watch(new ScriptedRun(), Set.of("pages"));
            await().until(() -> lines.size() > 2);
        }

        assertThat(lines.get(0)).startsWith("00:12 running: pages 12,431 in");
    }

    @Test
    void the_bar_shows_share_rate_and_what_is_in_flight_and_leaves_nothing_behind() {
        try (BarProgress progress = new BarProgress(new StatusLine(err, 160), false)) {
            progress.watch(new ScriptedRun(), Set.of("pages"));
            await().until(() -> text().contains("in flight"));
        }

        assertThat(text())
                .contains("flow", "61%", "12367/20000", "64 in flight, 2 failed")
                .endsWith("\r\u001b[K");
    }

    @Test
    void where_no_source_knows_its_number_the_bar_counts_without_a_share() {
        ScriptedRun endless = new ScriptedRun(ScriptedRun.endless());

        try (BarProgress progress = new BarProgress(new StatusLine(err, 160), false)) {
            progress.watch(endless, Set.of("pages"));
            await().until(() -> text().contains("12367/?"));
        }

        assertThat(text()).doesNotContain("100%");
    }

    @Test
    void what_is_printed_stands_above_the_bar_and_is_whole() {
        StatusLine line = new StatusLine(err, 80);
        PrintStream above = line.above(err);

        line.accept("bar 1");
        above.print("half a ");
        line.accept("bar 2");
        above.println("line");
        line.accept("bar 3");
        line.close();

        assertThat(text())
                .isEqualTo("\rbar 1\u001b[K" + "\r\u001b[K" + "half a line\n" + "\rbar 3\u001b[K" + "\r\u001b[K");
    }

    private String text() {
        return screen.toString(StandardCharsets.UTF_8);
    }
}
