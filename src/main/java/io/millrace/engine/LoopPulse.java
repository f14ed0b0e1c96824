package io.millrace.engine;

import io.millrace.engine.queue.Loop;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether one event loop still answers. Used by the watching thread, but for the answer. */
final class LoopPulse {
    private static final Logger LOG = LoggerFactory.getLogger("millrace.run");
    private static final long EVERY = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(2);
    private static final int FRAMES = 6;

    private final Loop loop;
    private final Thread thread;
    private volatile boolean answered = true;
    private long silent;
    private boolean told;

    LoopPulse(Loop loop, Thread thread) {
        this.loop = loop;
        this.thread = thread;
    }

    Thread thread() {
        return thread;
    }

    /** @param inStep whether a step holds it, of which others tell */
    void look(long passed, boolean inStep, String flow) {
        silent += passed;
        if (answered) {
            told = false;
            if (silent >= EVERY) {
                silent = 0;
                answered = false;
                loop.execute(() -> answered = true);
            }
        } else if (silent >= PATIENCE && !inStep && !told) {
            told = true;
            LOG.warn(
                    "flow {}: event loop {} has not answered for {} s, and no step holds it. It is at {}",
                    flow,
                    thread.getName(),
                    TimeUnit.NANOSECONDS.toSeconds(silent),
                    Arrays.stream(thread.getStackTrace())
                            .limit(FRAMES)
                            .map(StackTraceElement::toString)
                            .collect(Collectors.joining(" < ")));
        }
    }
}
