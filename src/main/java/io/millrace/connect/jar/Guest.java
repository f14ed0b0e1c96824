package io.millrace.connect.jar;

import java.util.concurrent.Callable;

/** Runs what a jar brings with the jar's classes as the thread's: there ServiceLoader and its like look. */
final class Guest {
    private Guest() {}

    static <T> T call(ClassLoader loader, Callable<T> work) throws Exception {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(loader);
        try {
            return work.call();
        } finally {
            thread.setContextClassLoader(before);
        }
    }
}
