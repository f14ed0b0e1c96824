package io.millrace.connect.http;

import io.millrace.spi.Settings;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import java.nio.charset.Charset;
import java.util.Optional;

/** A body that becomes records as it comes; the connection is paused while too many of them wait. Confined to one event loop. */
final class StreamBody implements BodySink {
    /** With so many records waiting the connection is paused, and goes on when there are only so few. */
    private static final int HIGH = 2048;

    static final int LOW = 512;

    private final HttpClientResponse response;
    private final StreamFormat format;
    private final PageRecords records;
    private final Runnable arrived;
    private final Optional<Runnable> silent;
    private final Client client;
    private final LineCutter cutter;
    private final Inflating inflating;
    private boolean paused;
    private long timer = -1;

    /** @param silent run when nothing has come for the client's timeout; empty where silence is no sign of anything */
    StreamBody(
            HttpClientResponse response,
            StreamFormat format,
            PageRecords records,
            Runnable arrived,
            Optional<Runnable> silent,
            Client client,
            int maxLine) {
        this.response = response;
        this.format = format;
        this.records = records;
        this.arrived = arrived;
        this.silent = silent;
        this.client = client;
        this.cutter = new LineCutter(maxLine, format);
        this.inflating = Inflating.of(
                client.settings().decompress() ? Fetch.header(response, "content-encoding") : "",
                response.request().absoluteURI());
        listen();
    }

    static StreamFormat format(
            PageFormat found,
            Settings settings,
            HttpClientResponse response,
            String url,
            PageRecords into,
            EventFormat.Memory events) {
        int maxLine = (int) Math.min(settings.get(SourceFields.MAX_LINE), Integer.MAX_VALUE / 4);
        Charset charset = Charsets.named(Fetch.header(response, "content-type"));
        switch (found) {
            case JSONL:
                return new StreamFormat.JsonLines(into, maxLine, url);
            case CSV:
                return new CsvFormat(
                        into, maxLine, url, settings.get(SourceFields.DELIMITER).charAt(0), charset);
            case SSE:
                return new EventFormat(into, maxLine, url, events);
            default:
                return new StreamFormat.Lines(into, maxLine, url, charset);
        }
    }

    @Override
    public void accept(Buffer chunk, HttpClientResponse from) {
        inflating.feed(chunk, cutter::feed);
        if (records.size() > HIGH && !paused) {
            paused = true;
            response.pause();
        }
        listen();
        arrived.run();
    }

    /** There is room again. */
    void resume() {
        if (paused) {
            paused = false;
            response.resume();
            listen();
        }
    }

    private void listen() {
        client.vertx().cancelTimer(timer);
        if (silent.isPresent() && !paused) {
            timer = client.vertx()
                    .setTimer(
                            Math.max(1, client.settings().timeout().toMillis()),
                            id -> silent.get().run());
        }
    }

    @Override
    public Future<Void> end() {
        client.vertx().cancelTimer(timer);
        cutter.end();
        format.end();
        inflating.close();
        return Future.succeededFuture();
    }

    @Override
    public Future<Void> abort() {
        client.vertx().cancelTimer(timer);
        inflating.close();
        response.resume(); // one that had come as a whole leaves its connection to others, who would wait for ever
        return Future.succeededFuture();
    }
}
