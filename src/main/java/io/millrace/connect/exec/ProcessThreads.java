package io.millrace.connect.exec;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The threads that wait on the standard streams of processes: at most {@value #PER_PROCESS} for each that lives (one for each of
 * its streams, one while it is being ended), so their number is bounded by that of the processes, which the stages' {@code
 * concurrency} and the co-processes' {@code processes} bound. Worker pools are left alone: programs that run for minutes would
 * starve them. Idle threads go away.
 */
final class ProcessThreads {
    static final int PER_PROCESS = 4;

    private static final long IDLE_SECONDS = 10;
    private static final AtomicLong COUNT = new AtomicLong();

    static final ExecutorService POOL = new ThreadPoolExecutor(
            0, Integer.MAX_VALUE, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), ProcessThreads::thread);

    private ProcessThreads() {}

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "millrace-exec-" + COUNT.incrementAndGet());
        thread.setDaemon(true);
        return thread;
    }
}
