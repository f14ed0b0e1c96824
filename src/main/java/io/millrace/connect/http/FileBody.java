package io.millrace.connect.http;

import io.millrace.spi.Failure;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.AsyncFile;
import io.vertx.core.file.OpenOptions;
import io.vertx.core.http.HttpClientResponse;
import org.jspecify.annotations.Nullable;

/** Writes a body to the part file of a download, no faster than the disk takes it. */
final class FileBody implements BodySink {
    private final Vertx vertx;
    private final Download download;
    private final long limit;
    private final Future<AsyncFile> opened;
    private long written;
    private @Nullable Throwable failure;

    /**
     * Opens the part file. What comes before it is open waits: were the response paused meanwhile, a connection that breaks would take
     * the bytes with it that a later attempt could continue from.
     *
     * @param from position of the first byte
     * @param limit most bytes
     */
    FileBody(Vertx vertx, Download download, long from, long limit, HttpClientResponse response) {
        this.vertx = vertx;
        this.download = download;
        this.limit = limit;
        this.written = from;
        this.opened = remember(response, from).compose(v -> open(from)).onComplete(done -> failure = done.cause());
    }

    private Future<Void> remember(HttpClientResponse response, long from) {
        return download.resumes() && from == 0
                ? vertx.fileSystem().writeFile(download.tag().toString(), Buffer.buffer(validator(response)))
                : Future.succeededFuture();
    }

    /** What tells this version of the document from others; weak tags do not. */
    private static String validator(HttpClientResponse response) {
        String tag = response.getHeader("etag");
        String modified = response.getHeader("last-modified");
        return tag != null && !tag.startsWith("W/") ? tag : modified == null ? "" : modified;
    }

    private Future<AsyncFile> open(long from) {
        OpenOptions options = new OpenOptions().setRead(false).setTruncateExisting(from == 0);
        return vertx.fileSystem()
                .open(download.part().toString(), options)
                .map(file -> file.setWritePos(from).exceptionHandler(thrown -> failure = thrown));
    }

    @Override
    public void accept(Buffer chunk, HttpClientResponse from) {
        if (failure != null) {
            throw Download.cannotWrite(download.part(), failure);
        }
        written += chunk.length();
        if (written > limit) {
            throw MemoryBody.tooLarge(limit, "goes on after " + limit + " bytes");
        }
        if (opened.isComplete()) {
            write(chunk, opened.result(), from);
        } else {
            from.pause();
            opened.onSuccess(file -> write(chunk, file, from)).onComplete(done -> from.resume());
        }
    }

    private void write(Buffer chunk, AsyncFile file, HttpClientResponse from) {
        file.write(chunk).onFailure(thrown -> failure = thrown);
        if (file.writeQueueFull()) {
            from.pause();
            file.drainHandler(v -> from.resume());
        }
    }

    @Override
    public Future<Void> end() {
        return opened.compose(AsyncFile::close)
                .transform(closed -> failure == null && closed.succeeded()
                        ? Future.succeededFuture()
                        : Future.failedFuture(
                                Download.cannotWrite(download.part(), failure == null ? closed.cause() : failure)));
    }

    @Override
    public Future<Void> abort() {
        Future<Void> closed = opened.compose(AsyncFile::close).otherwiseEmpty();
        return download.resumes()
                ? closed
                : closed.eventually(() ->
                        vertx.fileSystem().delete(download.part().toString()).otherwiseEmpty());
    }

    /** For the body of an answer that says that there is nothing more. */
    static BodySink nothing() {
        return MemoryBody.beginning(1024);
    }

    static Failure wrongRange(String range) {
        return Failure.badData("the answer continues at \"" + range + "\", which was not asked for");
    }
}
