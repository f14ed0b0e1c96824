package io.millrace.connect.file;

import io.millrace.spi.Assembly;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import java.util.concurrent.Callable;

/** One thread that does one thing after another, whichever event loop asks. */
final class SerialWorker {
    private final WorkerExecutor executor;

    SerialWorker(String what, Assembly assembly) {
        String name = "millrace-" + assembly.flow() + "-" + assembly.stage() + "-" + what;
        this.executor = assembly.vertx().createSharedWorkerExecutor(name, 1);
    }

    /** Completes on the caller's event loop. */
    <T> Future<T> run(Callable<T> work) {
        return executor.executeBlocking(work);
    }

    Future<Void> close() {
        return executor.close();
    }
}
