package io.millrace.cli;

import io.vertx.core.Future;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens the machinery beside the reading of the flow, and closes it whatever came of that. */
final class Opening implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Opening.class);
    private static final int CLOSE_SECONDS = 10;
    private final FutureTask<Works> works;
    private boolean closed;

    Opening(WorksFactory factory, AppSettings settings) {
        works = new FutureTask<>(() -> factory.open(settings));
        Thread thread = new Thread(works, "millrace-opening");
        thread.setDaemon(true);
        thread.start();
    }

    Works works() {
        try {
            return works.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("cannot open the engine: " + e.getCause(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while starting", e);
        }
    }

    /** Event loops are closed before the process exits: a System.exit beside running ones takes 300 ms longer. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            Future<Void> closing = works.get().close();
            closing.toCompletionStage().toCompletableFuture().get(CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            LOG.debug("the engine did not close", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
