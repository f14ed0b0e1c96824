package io.millrace.connect.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import io.millrace.spi.Assembly;
import io.millrace.spi.Failure;
import io.millrace.spi.Failure.Kind;
import io.millrace.spi.Records;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpClientResponse;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pages, one after another. A page of JSON is held as a whole, up to the client's bound; formats of lines are read as they come, and the
 * connection is paused while there is no room. The next page is asked for when this one has been taken.
 *
 * <p>A page that breaks off is asked for again; of one that had been read in part, the records that were taken are passed over.
 * Confined to the event loop of the source.
 */
final class Pages {
    private static final Logger LOG = LoggerFactory.getLogger(Pages.class);

    /** A body larger than this is read in a worker pool, not on the event loop. */
    private static final int LARGE = 1024 * 1024;

    /**
     * Where to begin.
     *
     * @param page its number, from 1
     * @param given how many of its records are passed over
     */
    record Start(Outbound request, long page, long given) {
        static Start first(Paging paging) {
            return new Start(paging.first(), 1, 0);
        }

        boolean isFirst() {
            return page == 1;
        }
    }

    private final Assembly assembly;
    private final Client client;
    private final Paging paging;
    private final SourceFields.Retry retry;
    private final Optional<Duration> again;
    private final EventFormat.Memory events = new EventFormat.Memory();
    private final PageRecords arrived;

    private Outbound request;
    private @Nullable Fetch fetch;
    private @Nullable StreamBody stream;
    private long timer = -1;
    private int failures;
    private boolean resuming;
    private boolean ofEvents;
    private boolean underWay;
    private boolean ended;
    private boolean closed;
    private @Nullable Throwable failure;
    private @Nullable Promise<Boolean> reading;
    private @Nullable Records wanted;

    Pages(Paging paging, Client client, Assembly assembly, Start start) {
        this.assembly = assembly;
        this.client = client;
        this.paging = paging;
        this.retry = paging.retry();
        this.again = paging.again();
        this.request = start.request();
        this.resuming = !start.isFirst();
        this.arrived = new PageRecords(paging::records, start.page(), start.given());
    }

    /** As of a source. */
    Future<Boolean> read(Records into) {
        arrived.drain(into);
        if (stream != null && arrived.size() < StreamBody.LOW) {
            stream.resume();
        }
        if (into.size() > 0 || isOver()) {
            return outcome();
        }
        Promise<Boolean> promise = Promise.promise();
        reading = promise;
        wanted = into;
        if (!underWay) {
            ask();
        }
        return promise.future();
    }

    /** Reads end with the record of that position; what is behind it waits. */
    void until(long position) {
        arrived.until(position);
    }

    /** Goes on behind that position, if it lies ahead on a page that need not be asked for again; else does nothing and says no. */
    boolean skipTo(long position) {
        boolean over = closed || failure != null || (ended && arrived.size() == 0);
        if (over || !arrived.reaches(position)) {
            return false;
        }
        arrived.passOver(position);
        return true;
    }

    private boolean isOver() {
        return arrived.isThrough() || (arrived.size() == 0 && (ended || closed || failure != null));
    }

    private Future<Boolean> outcome() {
        Throwable wrong = failure;
        boolean failed = isOver() && !arrived.isThrough() && wrong != null && !closed;
        return failed ? Future.failedFuture(wrong) : Future.succeededFuture(!isOver());
    }

    /** Gives a waiting read what there is. */
    private void wake() {
        Promise<Boolean> waiting = reading;
        Records into = wanted;
        if (waiting == null || into == null) {
            return;
        }
        arrived.drain(into);
        if (into.size() > 0 || isOver()) {
            reading = null;
            wanted = null;
            outcome().onComplete(waiting);
        }
    }

    private void ask() {
        underWay = true;
        arrived.begin(address(request), ofEvents);
        Fetch asked = client.fetch(
                paging.prepared(request, events), new Fetch.Wish(paging.expect(), Optional.of(this::sink)));
        fetch = asked;
        asked.run().onComplete(this::answered);
    }

    private JsonNode address(Outbound page) {
        return PageAddress.of(page.target(), paging.first().target());
    }

    private BodySink sink(HttpClientResponse response) {
        PageFormat found = paging.format(response);
        if (found == PageFormat.JSON) {
            return MemoryBody.whole(client.settings().maxBody(), Exchange.contentLength(response));
        }
        if (found == PageFormat.SSE) {
            readOnce();
        }
        Fetch current = fetch;
        if (current != null) {
            current.unhurried();
        }
        StreamBody body = new StreamBody(
                response,
                paging.lines(found, response, request.target().url(), arrived, events),
                arrived,
                this::wake,
                found == PageFormat.SSE ? Optional.empty() : Optional.of(this::silent),
                client,
                paging.maxLine());
        stream = body;
        ofEvents = found == PageFormat.SSE;
        return body;
    }

    /** Events are not read again: who asks for tokens was told of something else. */
    private void readOnce() {
        Records into = wanted;
        if (into != null && into.wantsTokens()) {
            throw Failure.badData(request.target().url()
                    + " answers with server-sent events, which cannot be read again. Write \"format\": \"sse\" and give the stage a"
                    + " durable queue (\"queue\": {\"durable\": true}).");
        }
    }

    private void silent() {
        Fetch current = fetch;
        if (current != null) {
            String time = Failures.inWords(client.settings().timeout());
            current.giveUp(
                    Failures.timeout(request.target().address() + " has sent nothing more of the body for " + time));
        }
    }

    private void answered(AsyncResult<Answer> result) {
        boolean streamed = stream != null;
        stream = null;
        if (closed) {
            return;
        }
        if (result.failed()) {
            failed(Failure.from(result.cause()));
            return;
        }
        Answer answer = result.result();
        Future<JsonNode> body = streamed ? Future.succeededFuture(NullNode.getInstance()) : whole(answer);
        body.onComplete(read -> {
            if (read.failed()) {
                failed(Failure.from(read.cause()));
            } else {
                pageIsComplete(answer, read.result(), streamed);
            }
        });
    }

    /** Reads a page of JSON, and takes its records. */
    private Future<JsonNode> whole(Answer answer) {
        Future<Paging.Page> page = answer.body().length <= LARGE
                ? Future.succeededFuture(answer).map(paging::page)
                : assembly.blocking(() -> paging.page(answer));
        return page.map(read -> {
            read.records().forEach(arrived::take);
            return read.body();
        });
    }

    private void pageIsComplete(Answer answer, JsonNode body, boolean streamed) {
        failures = 0;
        underWay = false;
        resuming = false;
        try {
            Optional<Outbound> following = paging.following(request, answer, body, arrived.page(), arrived.count());
            arrived.nextPage(streamed ? null : following.map(this::address).orElse(null));
            if (following.isPresent()) {
                request = following.get();
                goOn();
            } else if (again.isPresent()) {
                request = paging.first();
                Duration asked = events.pause();
                askIn(asked.isZero() ? again.get() : asked);
            } else {
                ended = true;
            }
        } catch (RuntimeException wrong) {
            failure = wrong;
        }
        wake();
    }

    /** With records to give away the next page can wait for them to be taken. */
    private void goOn() {
        if (reading != null && arrived.size() == 0 && !arrived.isThrough()) {
            ask();
        }
    }

    private void failed(Failure wrong) {
        failures++;
        boolean repeated = wrong.retryable() && (again.isPresent() || failures < retry.attempts());
        if (!repeated) {
            failure = wrong.saying(wrong.message()
                    + (failures == 1 ? "" : " (after " + failures + " attempts)")
                    + (resuming
                            ? ". With this page the run goes on: if it cannot be had any more, start over with --fresh"
                            : ""));
            underWay = false;
            wake();
            return;
        }
        Duration wait = retry.pause(wrong, failures);
        LOG.warn(
                "{}: page {}: {}; asked again in {} ms",
                assembly.stage(),
                arrived.page(),
                wrong.message(),
                wait.toMillis());
        askIn(wait);
    }

    private void askIn(Duration wait) {
        underWay = true;
        timer = assembly.vertx().setTimer(Math.max(1, wait.toMillis()), id -> {
            if (!closed) {
                ask();
            }
        });
    }

    Future<Void> close() {
        closed = true;
        assembly.vertx().cancelTimer(timer);
        wake();
        Fetch current = fetch;
        return current == null
                ? Future.succeededFuture()
                : current.giveUp(Failure.of(Kind.CANCELLED, "the source was closed"));
    }
}
