package io.millrace.cli;

import io.millrace.engine.Run;
import io.millrace.engine.RunSnapshot;
import java.io.PrintStream;
import java.text.DecimalFormat;
import java.time.Duration;
import java.util.Set;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** A bar on the last line of a terminal: share, count, rate and time left where the sources know how much there is. */
final class BarProgress implements Progress {
    private static final int EVERY_MS = 200;
    private final StatusLine line;
    private final boolean colour;
    private @Nullable Ticker ticker;
    private @Nullable ProgressBar bar;

    BarProgress(StatusLine line, boolean colour) {
        this.line = line;
        this.colour = colour;
    }

    @Override
    public void watch(Run run, Set<String> sources) {
        ProgressBar shown = new ProgressBarBuilder()
                .setTaskName(run.snapshot().flow())
                .setInitialMax(-1)
                .setStyle(colour ? ProgressBarStyle.COLORFUL_UNICODE_BLOCK : ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(EVERY_MS)
                .continuousUpdate()
                .showSpeed(new DecimalFormat("#,##0"))
                .clearDisplayOnFinish()
                .setConsumer(line)
                .build();
        bar = shown;
        ticker = new Ticker(Duration.ofMillis(EVERY_MS), () -> move(shown, run.snapshot(), sources));
    }

    private static void move(ProgressBar bar, RunSnapshot now, Set<String> sources) {
        bar.stepTo(Math.max(bar.getCurrent(), ProgressText.settled(now, sources)));
        bar.maxHint(now.expected() > 0 ? now.expected() : -1); // after the step, which raises what it does not know
        bar.setExtraMessage(" " + ProgressText.aside(now));
    }

    @Override
    public PrintStream through(PrintStream target) {
        return line.above(target);
    }

    @Override
    public void close() {
        if (ticker != null) {
            ticker.close();
        }
        if (bar != null) {
            bar.close();
            bar = null;
        }
        line.close();
    }
}
