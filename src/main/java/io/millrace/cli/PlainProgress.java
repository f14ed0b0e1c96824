package io.millrace.cli;

import io.millrace.engine.Run;
import io.millrace.engine.RunSnapshot;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A line now and then: for logs, pipes and build servers. */
final class PlainProgress implements Progress {
    private static final Duration EVERY = Duration.ofSeconds(10);
    private final Duration every;
    private final Consumer<String> lines;
    private @Nullable Ticker ticker;

    PlainProgress(Consumer<String> lines) {
        this(EVERY, lines);
    }

    PlainProgress(Duration every, Consumer<String> lines) {
        this.every = every;
        this.lines = lines;
    }

    @Override
    public void watch(Run run, Set<String> sources) {
        ticker = new Ticker(every, new Telling(run));
    }

    @Override
    public PrintStream through(PrintStream target) {
        return target;
    }

    @Override
    public void close() {
        if (ticker != null) {
            ticker.close();
        }
    }

    /** Remembers the figures of the line before, so that rates are those of now. */
    private final class Telling implements Runnable {
        private final Run run;
        private @Nullable RunSnapshot before;

        Telling(Run run) {
            this.run = run;
        }

        @Override
        public void run() {
            RunSnapshot now = run.snapshot();
            lines.accept(ProgressText.line(now, before));
            before = now;
        }
    }
}
