package io.millrace.engine.durable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.engine.RunResult;
import io.millrace.ledger.Ledger;
import io.millrace.store.ledger.PostgresLedger;
import io.millrace.testkit.Await;
import io.millrace.testkit.Embedded;
import io.millrace.testkit.Millrace;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.pgclient.PgConnectOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A durable flow that reads an API with pages is stopped in their midst, and goes on in what is to the store another process. */
class ResumedPagesTest {
    private static final int PAGES = 10;
    private static final int SIZE = 40;

    @TempDir
    private Path stateDir;

    @TempDir
    private Path directory;

    private final Vertx vertx = Vertx.vertx();
    private final List<Millrace> processes = new ArrayList<>();
    private final List<Ledger> ledgers = new ArrayList<>();
    private final List<Integer> asked = new CopyOnWriteArrayList<>();
    private final AtomicInteger failures = new AtomicInteger();
    private volatile Predicate<Integer> silent = page -> false;
    private Embedded database;
    private String url = "";

    @BeforeEach
    void start() {
        database = new Embedded(stateDir);
        int port = Await.get(vertx.createHttpServer().requestHandler(this::page).listen(0, "127.0.0.1"))
                .actualPort();
        url = "http://127.0.0.1:" + port + "/orders";
    }

    @AfterEach
    void end() {
        processes.forEach(Millrace::close);
        ledgers.forEach(ledger -> Await.get(ledger.close()));
        Await.get(vertx.close());
        database.close();
    }

    private void page(HttpServerRequest request) {
        int page = Integer.parseInt(request.getParam("page", "1"));
        asked.add(page);
        if (silent.test(page)) {
            return;
        }
        if (page == 8 && failures.getAndIncrement() < 2) {
            request.response().setStatusCode(503).end();
            return;
        }
        String rows = IntStream.range((page - 1) * SIZE, page * SIZE)
                .mapToObj(n -> "{\"n\":" + n + "}")
                .collect(Collectors.joining(","));
        request.response().putHeader("content-type", "application/json").end("{\"rows\":[" + rows + "]}");
    }

    private Millrace process() {
        Ledger ledger = Await.get(PostgresLedger.connect(
                vertx,
                () -> database.embedded()
                        .map(at -> new PgConnectOptions()
                                .setHost(at.host())
                                .setPort(at.port())
                                .setUser(at.user())
                                .setPassword(at.password())
                                .setDatabase(at.database()))));
        ledgers.add(ledger);
        Millrace millrace = new Millrace(directory, database, address -> Future.succeededFuture(ledger), List.of());
        processes.add(millrace);
        return millrace;
    }

    /** @param steps what comes before the result */
    private String flow(String steps) {
        return ("{'name': 'pages', 'durable': true, 'source': {'http': {'url': '" + url + "', 'query': {'key': 'abc'},"
                        + " 'items': '.rows[]', 'next': 'if .page == " + PAGES
                        + " then null else {page: (.page + 1)} end',"
                        + " 'retry': {'backoff': '1ms'}}}, 'concurrency': 64, 'steps': [" + steps
                        + "{'map': {'n': '${.n}'}}], 'sink': {'jsonl': 'out.jsonl'}}")
                .replace('\'', '"');
    }

    private List<Integer> written(String file) {
        try {
            Path path = directory.resolve(file);
            return Files.exists(path)
                    ? Files.readAllLines(path).stream()
                            .map(line -> Integer.parseInt(line.replaceAll("\\D", "")))
                            .toList()
                    : List.of();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void each_record_comes_once_and_only_pages_with_open_records_are_asked_for_again() {
        silent = page -> page == 6; // it waits there until it is stopped
        Millrace first = process().drain(Duration.ZERO);
        Millrace.Started run = first.start(flow("{'sleep': '1h', 'when': '.n | IN(3, 7, 90)'},"));
        await().atMost(Duration.ofMinutes(1))
                .until(() -> asked.contains(6) && written("out.jsonl.part").size() == 5 * SIZE - 3);

        run.run().drain("a test");
        RunResult interrupted = run.await().result();
        silent = page -> false;
        asked.clear();
        RunResult resumed = process().start(flow("")).await().result();

        assertThat(interrupted.outcome()).isEqualTo(RunResult.Outcome.INTERRUPTED);
        assertThat(resumed.reason()).isEmpty();
        assertThat(resumed.exitCode()).isZero();
        assertThat(written("out.jsonl").stream().sorted())
                .containsExactlyElementsOf(
                        IntStream.range(0, PAGES * SIZE).boxed().toList());
        assertThat(asked).containsExactly(1, 3, 6, 7, 8, 8, 8, 9, 10);
    }

    @Test
    void goes_on_however_often_and_wherever_it_is_stopped() {
        RunResult last = null;
        int runs = 0;
        for (int stop = 2; stop <= PAGES; stop += 2) {
            int at = stop;
            silent = page -> false;
            asked.clear();
            Millrace.Started run = process().drain(Duration.ZERO).start(flow("{'sleep': '${.n % 5}ms'},"));
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> asked.contains(at) || run.run().result().isComplete());
            run.run().drain("a test");
            last = run.await().result();
            runs++;
        }
        if (last.outcome() == RunResult.Outcome.INTERRUPTED) {
            last = process().start(flow("")).await().result();
        }

        assertThat(runs).isEqualTo(PAGES / 2);
        assertThat(last.exitCode()).isZero();
        assertThat(written("out.jsonl").stream().sorted())
                .containsExactlyElementsOf(
                        IntStream.range(0, PAGES * SIZE).boxed().toList());
    }

    @Test
    void another_place_to_read_from_is_refused() {
        silent = page -> page == 2;
        Millrace.Started run = process().drain(Duration.ZERO).start(flow(""));
        await().atMost(Duration.ofMinutes(1))
                .until(() -> asked.contains(2) && !written("out.jsonl.part").isEmpty());
        run.run().drain("a test");
        run.await();
        silent = page -> false;

        Millrace.Outcome other =
                process().start(flow("").replace("/orders", "/invoices")).await();
        Millrace.Outcome headed = process()
                .start(flow("").replace("\"retry\"", "\"headers\": {\"x-key\": \"new\"}, \"expect\": [200], \"retry\""))
                .await();

        assertThat(other.result().reason()).contains("\"url\" of the source of the stage ", " has changed", "--fresh");
        assertThat(headed.result().reason()).isEmpty();
    }
}
