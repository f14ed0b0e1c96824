package io.millrace.engine.durable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.millrace.engine.RunResult;
import io.millrace.ledger.Ledger;
import io.millrace.store.ledger.PostgresLedger;
import io.millrace.testkit.Await;
import io.millrace.testkit.Embedded;
import io.millrace.testkit.Millrace;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.pgclient.PgConnectOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** A server that answers everything with 500 in the middle of a durable run. */
class SpikeTest {
    private static final int RECORDS = 3000;
    private static final int GOOD = 500;
    private static final int FEW = 200;

    @TempDir
    static Path stateDir;

    private static Embedded database;
    private static Vertx vertx;

    @TempDir
    private Path directory;

    private final AtomicInteger asked = new AtomicInteger();
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final List<Millrace> processes = new ArrayList<>();
    private final List<Ledger> ledgers = new ArrayList<>();
    private volatile int good = GOOD;
    private HttpServer server;

    @BeforeAll
    static void start() {
        database = new Embedded(stateDir);
        vertx = Vertx.vertx();
    }

    @AfterAll
    static void stop() {
        Await.get(vertx.close());
        database.close();
    }

    @BeforeEach
    void listen() {
        log.start();
        ((Logger) LoggerFactory.getLogger("millrace.run")).addAppender(log);
        server = Await.get(vertx.createHttpServer()
                .requestHandler(request -> request.response()
                        .setStatusCode(asked.getAndIncrement() < good ? 200 : 500)
                        .end())
                .listen(0, "127.0.0.1"));
    }

    @AfterEach
    void end() {
        ((Logger) LoggerFactory.getLogger("millrace.run")).detachAppender(log);
        processes.forEach(Millrace::close);
        ledgers.forEach(ledger -> Await.get(ledger.close()));
        Await.get(server.close());
    }

    private static Future<PgConnectOptions> address() {
        return database.embedded()
                .map(at -> new PgConnectOptions()
                        .setHost(at.host())
                        .setPort(at.port())
                        .setUser(at.user())
                        .setPassword(at.password())
                        .setDatabase(at.database()));
    }

    private Millrace process() {
        Ledger ledger = Await.get(PostgresLedger.connect(vertx, SpikeTest::address));
        ledgers.add(ledger);
        Millrace millrace = new Millrace(directory, database, address -> Future.succeededFuture(ledger), List.of());
        processes.add(millrace);
        return millrace;
    }

    private String flow(String more) {
        return """
            {"name": "%s", "durable": true, %s "stages": {
              "numbers": {"source": {"range": %d}, "to": "ask"},
              "ask": {%%s "concurrency": 16, "steps": [{"http": "http://127.0.0.1:%d/${.value}"}, {"map": {"n": "${.value}"}}], "to": "keep"},
              "keep": {"sink": {"jsonl": "out.jsonl"}}}}""".formatted(directory.getFileName(), more, RECORDS, server.actualPort());
    }

    private List<String> written() throws IOException {
        return Files.readAllLines(directory.resolve("out.jsonl"));
    }

    private void untilPaused(Millrace.Started run) {
        await().atMost(Duration.ofMinutes(1))
                .until(() -> run.run().snapshot().state().equals("paused"));
    }

    private List<String> said() {
        return List.copyOf(log.list).stream()
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    private void heal() {
        good = Integer.MAX_VALUE;
    }

    private void pausesAndGoesOn(String queue) throws IOException {
        Millrace.Started run = process().start(flow("").formatted(queue));
        untilPaused(run);
        heal();
        Millrace.Outcome outcome = run.await();

        long dead = outcome.result().last().deadLetters();
        assertThat(outcome.exitCode()).isEqualTo(3);
        assertThat(dead).isBetween(1L, (long) FEW);
        assertThat(written()).hasSize((int) (RECORDS - dead)).doesNotHaveDuplicates();
        assertThat(said())
                .anyMatch(line -> line.startsWith("paused: ")
                        && line.contains("stage \"ask\"")
                        && line.contains("ask/http")
                        && line.contains("500"));
    }

    @Test
    void a_flow_pauses_when_everything_suddenly_fails_and_goes_on_when_it_is_mended() throws IOException {
        pausesAndGoesOn("");
    }

    @Test
    void a_durable_queue_is_not_claimed_from_meanwhile() throws IOException {
        pausesAndGoesOn("\"queue\": {\"durable\": true},");
    }

    @Test
    void a_paused_flow_can_be_stopped_at_once_and_resumed() throws IOException {
        Millrace.Started run = process().drain(Duration.ofMinutes(10)).start(flow("").formatted(""));
        untilPaused(run);
        run.run().drain("a test");
        Millrace.Outcome stopped = run.await();
        heal();
        Millrace.Outcome resumed = process().run(flow("").formatted(""));

        assertThat(stopped.result().outcome()).isEqualTo(RunResult.Outcome.INTERRUPTED);
        assertThat(resumed.exitCode()).isEqualTo(3);
        assertThat(resumed.result().last().deadLetters()).isLessThan(FEW);
        assertThat(written())
                .hasSize((int) (RECORDS - resumed.result().last().deadLetters()))
                .doesNotHaveDuplicates();
    }

    @Test
    void failures_from_the_beginning_are_no_spike() throws IOException {
        good = 0;
        Millrace.Outcome outcome = process().run(flow("").formatted(""));

        assertThat(outcome.result().last().deadLetters()).isEqualTo(RECORDS);
        assertThat(said()).noneMatch(line -> line.startsWith("paused: "));
    }

    @Test
    void a_flow_may_ask_for_no_pause() throws IOException {
        Millrace.Outcome outcome =
                process().run(flow("\"limits\": {\"spike\": \"100%%\"},").formatted(""));

        assertThat(outcome.result().last().deadLetters()).isEqualTo(RECORDS - GOOD);
        assertThat(said()).noneMatch(line -> line.startsWith("paused: "));
    }
}
