package io.millrace;

import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends the process at once when its memory is full: what goes on then is anybody's guess, and a durable run goes on in the next process. */
final class OutOfMemory {
    private static final Logger LOG = LoggerFactory.getLogger("millrace");

    /** As for a run that failed. */
    private static final int EXIT = 1;

    /** There may be no memory left to make it of. */
    private static final byte[] LAST_WORD =
            ("out of memory: the heap is full, so the process ends at once. Give it more with -Xmx, or lower queue.bytes, concurrency or"
                            + " limits.hold. A durable run goes on when it is started again.\n")
                    .getBytes(StandardCharsets.UTF_8);

    private OutOfMemory() {}

    /** Looks at what nobody has caught. */
    static void endsTheProcess(Vertx vertx) {
        vertx.exceptionHandler(OutOfMemory::uncaught);
        Thread.setDefaultUncaughtExceptionHandler((thread, thrown) -> uncaught(thrown));
    }

    private static void uncaught(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof OutOfMemoryError) {
                System.err.write(LAST_WORD, 0, LAST_WORD.length);
                System.err.flush();
                Runtime.getRuntime().halt(EXIT);
            }
        }
        LOG.error("Unhandled exception", thrown);
    }
}
