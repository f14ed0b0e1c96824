package io.millrace.connect.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.spi.Assembly;
import io.millrace.spi.Failure;
import io.millrace.spi.Failure.Kind;
import io.millrace.spi.Jq;
import io.millrace.spi.Records;
import io.millrace.spi.Settings;
import io.millrace.spi.Source;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpClientResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
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
final class HttpSource implements Source {
    private static final Logger LOG = LoggerFactory.getLogger(HttpSource.class);

    /** A body larger than this is read in a worker pool, not on the event loop. */
    private static final int LARGE = 1024 * 1024;

    private final Assembly assembly;
    private final Client client;
    private final Settings settings;
    private final PageFormat format;
    private final Optional<Jq> items;
    private final Optional<Jq> next;
    private final Optional<Duration> again;
    private final SourceFields.Retry retry;
    private final Expect expect;
    private final Outbound first;
    private final EventFormat.Memory events = new EventFormat.Memory();
    private final PageRecords arrived;

    private Outbound request;
    private @Nullable Fetch fetch;
    private @Nullable StreamBody stream;
    private long timer = -1;
    private int failures;
    private boolean ofEvents;
    private boolean underWay;
    private boolean ended;
    private boolean closed;
    private @Nullable Throwable failure;
    private @Nullable Promise<Boolean> reading;
    private @Nullable Records wanted;

    HttpSource(Settings settings, Assembly assembly) {
        this.assembly = assembly;
        this.settings = settings;
        this.client = assembly.resource(settings.find(SourceFields.CLIENT), "http", Client.class);
        this.format = settings.get(SourceFields.FORMAT);
        this.items = settings.find(SourceFields.ITEMS);
        this.next = settings.find(SourceFields.NEXT);
        this.again = settings.get(SourceFields.AGAIN);
        this.retry = settings.get(SourceFields.RETRY);
        this.expect = settings.find(StepFields.EXPECT).orElse(Expect.NO_ERROR);
        this.first = PageRequest.first(settings);
        this.request = first;
        this.arrived = new PageRecords(this::expand);
    }

    @Override
    public boolean endless() {
        return again.isPresent();
    }

    @Override
    public Future<Boolean> read(Records into) {
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

    private boolean isOver() {
        return arrived.size() == 0 && (ended || closed || failure != null);
    }

    private Future<Boolean> outcome() {
        Throwable wrong = failure;
        return isOver() && wrong != null && !closed ? Future.failedFuture(wrong) : Future.succeededFuture(!isOver());
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
        arrived.begin(ofEvents);
        Fetch asked = client.fetch(prepared(), new Fetch.Wish(expect, Optional.of(this::sink)));
        fetch = asked;
        asked.run().onComplete(this::answered);
    }

    private Outbound prepared() {
        String last = events.lastId();
        Outbound accepting =
                format == PageFormat.SSE ? PageRequest.with(request, "accept", "text/event-stream") : request;
        return last.isEmpty() ? accepting : PageRequest.with(accepting, "last-event-id", last);
    }

    private BodySink sink(HttpClientResponse response) {
        PageFormat found = format.orOf(Fetch.header(response, "content-type"));
        if (found == PageFormat.JSON) {
            return MemoryBody.whole(client.settings().maxBody(), Exchange.contentLength(response));
        }
        Fetch current = fetch;
        if (current != null) {
            current.unhurried();
        }
        StreamBody body = new StreamBody(
                response,
                StreamBody.format(found, settings, response, request.target().url(), arrived, events),
                arrived,
                this::wake,
                found == PageFormat.SSE ? Optional.empty() : Optional.of(this::silent),
                client,
                (int) Math.min(settings.get(SourceFields.MAX_LINE), Integer.MAX_VALUE / 4));
        stream = body;
        ofEvents = found == PageFormat.SSE;
        return body;
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
                pageIsComplete(answer, read.result());
            }
        });
    }

    /** Reads a page of JSON, and takes its records. */
    private Future<JsonNode> whole(Answer answer) {
        if (answer.body().length <= LARGE) {
            return Future.succeededFuture(answer).map(this::json).map(this::takeAll);
        }
        return assembly.blocking(() -> json(answer)).map(this::takeAll);
    }

    /** A page, and what it holds. */
    private record Page(JsonNode body, List<JsonNode> records) {}

    private Page json(Answer answer) {
        JsonNode body = Bodies.read(answer, format == PageFormat.JSON ? Bodies.Read.JSON : Bodies.Read.AUTO);
        return new Page(body, expand(body));
    }

    private List<JsonNode> expand(JsonNode value) {
        if (items.isPresent()) {
            return items.get().all(value, assembly.variables());
        }
        return List.of(value);
    }

    private JsonNode takeAll(Page page) {
        boolean list = items.isEmpty() && page.body().isArray();
        (list ? page.body() : page.records()).forEach(arrived::take);
        return page.body();
    }

    private void pageIsComplete(Answer answer, JsonNode body) {
        failures = 0;
        underWay = false;
        try {
            Optional<Outbound> following = following(answer, body);
            arrived.nextPage();
            if (following.isPresent()) {
                request = following.get();
                goOn();
            } else if (again.isPresent()) {
                request = first;
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
        if (reading != null && arrived.size() == 0) {
            ask();
        }
    }

    private Optional<Outbound> following(Answer answer, JsonNode body) {
        if (next.isEmpty()) {
            return Optional.empty();
        }
        ObjectNode seen = JsonNodeFactory.instance.objectNode();
        seen.put("status", answer.status()).put("url", answer.url());
        seen.set("headers", answer.headersJson());
        seen.set("body", body);
        seen.put("page", arrived.page()).put("count", arrived.count());
        return next.get().all(seen, assembly.variables()).stream()
                .findFirst()
                .filter(named -> !named.isNull() && !(named.isBoolean() && !named.booleanValue()))
                .map(named -> PageRequest.next(request, answer.url(), named));
    }

    private void failed(Failure wrong) {
        failures++;
        boolean repeated = wrong.retryable() && (again.isPresent() || failures < retry.attempts());
        if (!repeated) {
            failure = failures == 1 ? wrong : wrong.saying(wrong.message() + " (after " + failures + " attempts)");
            underWay = false;
            wake();
            return;
        }
        Duration wait = pause(wrong);
        LOG.warn(
                "{}: page {}: {}; asked again in {} ms",
                assembly.stage(),
                arrived.page(),
                wrong.message(),
                wait.toMillis());
        askIn(wait);
    }

    /** As for {@code retry}: exponential with full jitter, no shorter than the server or the retry budget asks for. */
    private Duration pause(Failure wrong) {
        long most = retry.maxBackoff().toMillis();
        long bound = Math.min(most, retry.backoff().toMillis() << Math.min(failures - 1, 20));
        long jittered = ThreadLocalRandom.current().nextLong(Math.max(0, bound) + 1);
        Duration wait = Duration.ofMillis(Math.max(jittered, Math.min(most, wrong.retryAfterMs())));
        Duration permitted = wrong.takeRetryPermit();
        return wait.compareTo(permitted) < 0 ? permitted : wait;
    }

    private void askIn(Duration wait) {
        underWay = true;
        timer = assembly.vertx().setTimer(Math.max(1, wait.toMillis()), id -> {
            if (!closed) {
                ask();
            }
        });
    }

    @Override
    public Future<Void> close() {
        closed = true;
        assembly.vertx().cancelTimer(timer);
        wake();
        Fetch current = fetch;
        return current == null
                ? Future.succeededFuture()
                : current.giveUp(Failure.of(Kind.CANCELLED, "the source was closed"));
    }
}
