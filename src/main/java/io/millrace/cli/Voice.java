package io.millrace.cli;

import io.millrace.engine.RunSnapshot;
import io.millrace.engine.RunSnapshot.StageSnapshot;
import java.io.PrintStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * How the command line speaks of a run on standard error: in lines for people, or, where logs are JSON, in log events, so that
 * every line there can be parsed.
 */
record Voice(PrintStream err, Paint paint, boolean json, boolean quiet) {
    private static final Logger LOG = LoggerFactory.getLogger("millrace.run");

    void line(String text) {
        if (json) {
            LOG.info(text);
        } else if (!quiet) {
            err.println(text);
        }
    }

    /** The last figures of a run that is cut off. */
    void cut(RunSnapshot last, String sentence) {
        if (json) {
            last.stages().forEach(Voice::event);
            LOG.warn(sentence);
        } else if (!quiet) {
            StageTable.print(last, err, paint);
            err.println(paint.warning(sentence));
        }
    }

    void end(Report report) {
        RunSnapshot last = report.result().last();
        boolean failed = report.result().exitCode() == ExitCode.FAILED;
        if (json) {
            last.stages().forEach(Voice::event);
            report.leftBehind().forEach(LOG::warn);
            var event = LOG.atLevel(failed ? Level.ERROR : Level.INFO);
            if (last.kept().isPresent()) {
                event = event.addKeyValue("run", last.kept().get().run())
                        .addKeyValue("done", last.kept().get().done());
            }
            event.addKeyValue("outcome", Words.lower(report.result().outcome()))
                    .addKeyValue("items", report.items())
                    .addKeyValue("deadLetters", last.deadLetters())
                    .addKeyValue("firstDeadLetter", last.firstDeadLetter())
                    .addKeyValue("elapsedMs", last.elapsed().toMillis())
                    .log(report.sentence());
            return;
        }
        if (!quiet && !last.stages().isEmpty()) {
            StageTable.print(last, err, paint);
        }
        if (!quiet || failed) {
            err.println(report.painted(paint));
        }
        if (!quiet && !report.firstFailure().isEmpty()) {
            err.println(report.firstFailure());
        }
        if (!quiet && !report.next().isEmpty()) {
            err.println(report.next());
        }
        if (!quiet) {
            report.leftBehind().forEach(err::println);
        }
    }

    private static void event(StageSnapshot stage) {
        LOG.atInfo()
                .addKeyValue("stage", stage.name())
                .addKeyValue("in", stage.in())
                .addKeyValue("out", stage.out())
                .addKeyValue("failed", stage.failed())
                .addKeyValue("retried", stage.retried())
                .addKeyValue("dropped", stage.dropped())
                .addKeyValue("p50", stage.p50())
                .addKeyValue("p99", stage.p99())
                .log("stage " + stage.name());
    }
}
