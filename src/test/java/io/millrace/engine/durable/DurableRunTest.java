package io.millrace.engine.durable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.engine.RunResult;
import io.millrace.ledger.Ledger;
import io.millrace.ledger.RunState;
import io.millrace.store.ledger.PostgresLedger;
import io.millrace.testkit.Await;
import io.millrace.testkit.Embedded;
import io.millrace.testkit.Millrace;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Durable flows in this process, on a real store: they are interrupted, and go on in another ledger as in another process. */
class DurableRunTest {
    private static final int LINES = 3000;

    @TempDir
    static Path stateDir;

    private static Embedded database;
    private static Vertx vertx;

    @TempDir
    private Path directory;

    private final List<Millrace> processes = new ArrayList<>();
    private final List<Ledger> ledgers = new ArrayList<>();

    @BeforeAll
    static void start() {
        database = new Embedded(stateDir);
        vertx = Vertx.vertx();
    }

    @AfterAll
    static void stop() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
        database.close();
    }

    @AfterEach
    void end() {
        processes.forEach(Millrace::close);
        ledgers.forEach(ledger -> Await.get(ledger.close()));
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

    /** A process of its own, as far as the store can tell. */
    private Millrace process() {
        Ledger ledger = Await.get(PostgresLedger.connect(vertx, DurableRunTest::address));
        ledgers.add(ledger);
        Millrace millrace = new Millrace(directory, database, address -> Future.succeededFuture(ledger), List.of());
        processes.add(millrace);
        return millrace;
    }

    private void lines(int count) throws IOException {
        Files.write(
                directory.resolve("in.txt"),
                IntStream.range(0, count).mapToObj(String::valueOf).toList());
    }

    private List<Integer> written() throws IOException {
        return Files.readAllLines(directory.resolve("out.jsonl")).stream()
                .map(line -> Integer.parseInt(line.replaceAll("\\D", "")))
                .toList();
    }

    /** A name of its own for each test: all share a store. */
    private String copy(String steps) {
        return COPY.formatted(steps).replace("NAME", directory.getFileName().toString());
    }

    private static final String COPY = "{'name': 'NAME', 'durable': true, 'source': {'lines': 'in.txt'}, 'steps': [%s"
            + "{'map': {'n': '${.value | tonumber}'}}], 'concurrency': 64, 'sink': {'jsonl': 'out.jsonl'}}";

    @Test
    void writes_each_line_once_and_says_so_when_it_is_run_again() throws Exception {
        lines(LINES);

        Millrace.Outcome first = process().run(copy(""));
        Millrace.Outcome second = process().run(copy(""));

        assertThat(first.result().reason()).isEmpty();
        assertThat(first.exitCode()).isZero();
        assertThat(written()).hasSize(LINES).doesNotHaveDuplicates();
        assertThat(second.result().before()).isPresent();
        assertThat(second.exitCode()).isZero();
    }

    @Test
    void begins_anew_when_what_a_finished_run_has_read_is_another_now() throws Exception {
        lines(LINES);
        process().run(copy(""));
        lines(LINES + 1);

        Millrace.Outcome second = process().run(copy(""));

        assertThat(second.result().reason()).isEmpty();
        assertThat(second.result().before()).isEmpty();
        assertThat(written()).hasSize(LINES + 1).doesNotHaveDuplicates();
    }

    @Test
    void goes_on_where_it_was_interrupted() throws Exception {
        lines(LINES);
        String slow = "{'sleep': '5ms'},";

        Millrace first = process().drain(Duration.ZERO);
        Millrace.Started run = first.start(copy(slow).replace('\'', '"'));
        await().until(() -> Files.exists(directory.resolve("out.jsonl.part"))
                && Files.size(directory.resolve("out.jsonl.part")) > 2000);
        run.run().drain("a test");
        Millrace.Outcome interrupted = run.await();
        Millrace.Outcome resumed = process().run(copy(slow));

        assertThat(interrupted.result().outcome()).isEqualTo(RunResult.Outcome.INTERRUPTED);
        assertThat(interrupted.deadLetters()).isEmpty();
        assertThat(resumed.exitCode()).isZero();
        assertThat(written()).hasSize(LINES).doesNotHaveDuplicates();
        assertThat(Await.get(ledgers.get(1).runs()).get(0).state()).isEqualTo(RunState.FINISHED);
    }

    @Test
    void goes_on_with_a_sink_more_if_that_is_accepted() throws Exception {
        lines(LINES);
        String one =
                "{'name': 'NAME', 'durable': true, 'stages': {'in': {'source': {'lines': 'in.txt'}, 'concurrency': 64, 'steps': [{'sleep': '5ms'},"
                        + " {'map': {'n': '${.value | tonumber}'}}], 'to': TO}, 'out': {'sink': {'jsonl': 'out.jsonl'}}MORE}}";
        String flow = one.replace("NAME", directory.getFileName().toString());
        String before = flow.replace("TO", "'out'").replace("MORE", "");
        String after =
                flow.replace("TO", "['out', 'more']").replace("MORE", ", 'more': {'sink': {'jsonl': 'more.jsonl'}}");
        Millrace.Started run = process().drain(Duration.ZERO).start(before.replace('\'', '"'));
        await().until(() -> Files.exists(directory.resolve("out.jsonl.part"))
                && Files.size(directory.resolve("out.jsonl.part")) > 2000);
        run.run().drain("a test");
        run.await();

        Millrace.Outcome refused = process().run(after);
        Millrace.Outcome accepted = process().acceptChanges().run(after);

        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.result().reason()).contains("the stage \"more\" is new", "--accept-changes");
        assertThat(accepted.result().reason()).isEmpty();
        assertThat(written()).hasSize(LINES).doesNotHaveDuplicates();
        assertThat(Files.readAllLines(directory.resolve("more.jsonl")))
                .hasSizeBetween(1, LINES - 1)
                .doesNotHaveDuplicates();
    }

    @Test
    void lets_rows_wait_for_their_retry_in_the_store() throws Exception {
        Millrace.Outcome outcome = process().run("""
            {"name": "%s", "durable": true, "source": {"range": 3}, "queue": {"durable": true}, "concurrency": 1,
             "retry": {"attempts": 3, "backoff": "4s"}, "steps": [
               {"raise": {"message": "not yet", "kind": "TIMEOUT"}, "when": "$meta.attempt < 2"},
               {"map": {"n": "${$meta.attempt}"}}], "sink": {"jsonl": "out.jsonl"}}""".formatted(directory.getFileName()));

        assertThat(outcome.result().reason()).isEmpty();
        assertThat(written()).containsExactly(2, 2, 2);
    }

    @Test
    void keeps_its_state_where_the_flow_says() throws Exception {
        lines(10);
        List<Optional<String>> asked = new CopyOnWriteArrayList<>();
        Ledger ledger = Await.get(PostgresLedger.connect(vertx, DurableRunTest::address));
        ledgers.add(ledger);
        Millrace millrace = new Millrace(
                directory,
                database,
                address -> {
                    asked.add(address);
                    return Future.succeededFuture(ledger);
                },
                List.of());
        processes.add(millrace);

        millrace.run(copy("").replace("'durable': true", "'durable': 'db', 'resources': {'db': {'postgres': null}}"));
        Millrace.Started waiting = millrace.start(copy("").replace(
                        "'durable': true",
                        "'durable': 'db', 'resources': {'db': {'postgres': 'postgresql://nobody@127.0.0.1:1/x'}}")
                .replace('\'', '"'));
        await().until(() -> asked.size() > 1);
        waiting.run().drain("a test");
        waiting.await();

        assertThat(asked).startsWith(Optional.of(""), Optional.of("postgresql://nobody@127.0.0.1:1/x"));
    }

    private static long in(Millrace.Outcome outcome, String stage) {
        return outcome.result().last().stages().stream()
                .filter(at -> at.name().equals(stage))
                .findFirst()
                .orElseThrow()
                .in();
    }

    /** Runs a flow in two processes at the same time, until both end well. */
    private List<Millrace.Outcome> both(String flow) {
        Millrace.Started one = process().start(flow);
        Millrace.Started other = process().start(flow);
        List<Millrace.Outcome> outcomes = List.of(one.await(), other.await());
        assertThat(outcomes)
                .allSatisfy(outcome -> assertThat(outcome.result().reason()).isEmpty());
        return outcomes;
    }

    @Test
    void keeps_a_rate_over_all_processes_together() throws Exception {
        List<Millrace.Outcome> outcomes = both("""
            {"name": "%s", "durable": true, "stages": {
              "numbers": {"source": {"range": 1600}, "to": "work"},
              "work": {"queue": {"durable": true}, "rate": "200/s", "steps": [{"map": {"n": "${now * 1000 | floor}"}}], "to": "store"},
              "store": {"queue": {"durable": true}, "sink": {"jsonl": "out.jsonl"}}}}""".formatted(directory.getFileName()));

        List<Long> starts = Files.readAllLines(directory.resolve("out.jsonl")).stream()
                .map(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .toList();
        assertThat(starts).hasSize(1600);
        assertThat(outcomes)
                .allSatisfy(outcome -> assertThat(in(outcome, "work")).isPositive());
        assertThat(starts)
                .allSatisfy(start -> assertThat(starts.stream().filter(at -> at >= start && at < start + 1000))
                        .hasSizeLessThan(300));
    }

    @Test
    void lets_one_item_at_a_time_into_a_lock_whichever_process_it_is_in() throws Exception {
        List<Millrace.Outcome> outcomes = both("""
            {"name": "%s", "durable": true, "stages": {
              "numbers": {"source": {"range": 200}, "to": "work"},
              "work": {"queue": {"durable": true}, "steps": [{"lock": {"name": "log", "do": [
                  {"file": {"append": "log.txt", "text": "in "}}, {"sleep": "2ms"}, {"file": {"append": "log.txt", "text": "out\\n"}}]}}],
                "sink": "discard"}}}""".formatted(directory.getFileName()));

        assertThat(Files.readAllLines(directory.resolve("log.txt")))
                .hasSize(200)
                .containsOnly("in out");
        assertThat(outcomes).allMatch(outcome -> outcome.exitCode() == 0);
    }
}
