package io.millrace;

import static net.javacrumbs.jsonunit.assertj.JsonAssertions.assertThatJson;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.catalog.Catalog;
import io.millrace.ledger.Ledger;
import io.millrace.spi.Component;
import io.millrace.spi.DatabaseAddress;
import io.millrace.spi.Spec;
import io.millrace.store.ledger.PostgresLedger;
import io.millrace.testkit.Await;
import io.millrace.testkit.Embedded;
import io.millrace.testkit.Millrace;
import io.millrace.testkit.PluginJars;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Every example that a user may copy runs as it stands: those of {@code conf}, of each component, and of the guides. */
class ExamplesTest {
    private static final Path CONF = Path.of("conf").toAbsolutePath();
    private static final Path GUIDES = Path.of("src/docs/guides");
    private static final Pattern RUNNABLE = Pattern.compile("```jsonc\\n// runnable\\n(.*?)```", Pattern.DOTALL);

    @TempDir
    private static Path shared;

    private static Embedded database;
    private static Vertx vertx;
    private static Ledger ledger;

    @TempDir
    private Path directory;

    @BeforeAll
    static void startDatabase() {
        database = new Embedded(shared.resolve("state"));
        vertx = Vertx.vertx();
        ledger = Await.get(
                PostgresLedger.connect(vertx, () -> database.embedded().map(ExamplesTest::options)));
    }

    private static PgConnectOptions options(DatabaseAddress at) {
        return new PgConnectOptions()
                .setHost(at.host())
                .setPort(at.port())
                .setUser(at.user())
                .setPassword(at.password())
                .setDatabase(at.database());
    }

    @AfterAll
    static void stopDatabase() {
        Await.get(ledger.close());
        Await.get(vertx.close());
        database.close();
    }

    @Test
    void hello_greets_three() {
        assertThat(run("hello").lines()).hasSize(3);
    }

    @Test
    void fetch_writes_a_line_for_every_url() throws IOException {
        assertThat(run("fetch").exitCode()).isZero();
        assertThat(Files.readAllLines(directory.resolve("out/pages.jsonl"))).hasSize(160);
    }

    @Test
    void scrape_stores_every_product_and_prints_the_ten_dearest_in_order() {
        List<JsonNode> dearest = run("scrape").lines();

        assertThat(dearest).hasSize(10);
        assertThat(dearest.get(0).get("name").textValue()).isEqualTo("Rocking Horse");
        assertThat(dearest)
                .extracting(line -> line.get("price").decimalValue())
                .isSortedAccordingTo((a, b) -> b.compareTo(a));
    }

    @Test
    void scrape_updates_the_same_rows_when_it_runs_again() {
        run("scrape");

        assertThat(run("scrape").lines()).hasSize(10);
    }

    @Test
    void crawl_fetches_every_page_of_the_site_exactly_once() throws IOException {
        assertThat(run("crawl").exitCode()).isZero();
        List<String> pages = Files.readAllLines(directory.resolve("out/pages.jsonl"));
        assertThat(pages).hasSize(htmlPages()).doesNotHaveDuplicates();
        assertThat(Files.readAllLines(directory.resolve("out/broken.jsonl"))).hasSize(5);
    }

    private static int htmlPages() throws IOException {
        try (Stream<Path> files = Files.walk(CONF.resolve("site"))) {
            return (int) files.filter(file -> file.toString().endsWith(".html")).count();
        }
    }

    @Test
    void producer_consumer_works_off_all_that_both_produce() {
        assertThat(run("producer-consumer").lines()).hasSize(40);
    }

    @Test
    void database_reads_asks_and_stores() {
        assertThat(run("database").lines()).hasSize(5);
    }

    @Test
    void blocking_keeps_the_event_loop_free() {
        List<JsonNode> lines = run("blocking").lines();

        assertThat(lines).hasSize(9);
    }

    @Test
    void exec_sorts_the_sizes_of_pages_by_programs() throws IOException {
        assertThat(run("exec").exitCode()).isZero();

        assertThat(Files.readAllLines(directory.resolve("sizes.txt")))
                .hasSizeGreaterThan(5)
                .allMatch(line -> line.matches("\\d+ .*/page-\\d+\\.html"));
    }

    @Test
    void safe_fetch_keeps_what_went_wrong_beside_what_went_well() {
        List<JsonNode> lines = run("safe-fetch").lines();

        assertThat(lines).hasSize(5);
        assertThat(lines.stream().filter(line -> line.get("error").isNull())).hasSize(2);
    }

    @Test
    void gather_gives_its_results_in_order_and_broken_links_in_their_places() {
        List<JsonNode> lines = run("gather").lines();

        assertThat(lines).extracting(line -> line.get("category").textValue()).containsExactly("garden", "kitchen");
        assertThat(lines).allSatisfy(line -> {
            assertThat(line.get("products").intValue()).isPositive();
            assertThat(line.get("bytes").intValue()).isGreaterThan(1000);
        });
    }

    @Test
    void race_is_won_by_the_mirror_that_answers_first() {
        assertThat(run("race").lines())
                .hasSize(3)
                .extracting(line -> line.get("mirror").textValue())
                .containsOnly("near");
    }

    @Test
    void timeout_gives_up_the_page_that_takes_too_long() {
        assertThat(run("timeout").lines())
                .extracting(line -> line.get("status").asText())
                .containsExactly("200", "TIMEOUT", "200");
    }

    @Test
    void cancel_ends_what_it_would_have_waited_a_minute_for() {
        Millrace.Outcome outcome = run("cancel");

        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.lines()).singleElement().satisfies(line -> {
            assertThat(line.get("outcome").textValue()).isEqualTo("TIMEOUT");
            assertThat(line.get("because").textValue()).contains("program", "request", "pause");
        });
    }

    @Test
    void tasks_are_all_done_before_the_run_ends() {
        List<JsonNode> lines = run("tasks").lines();

        long started =
                lines.stream().mapToLong(line -> line.path("tasks").asLong()).sum();
        assertThat(started).isPositive();
        assertThat(lines).hasSize(3 + (int) started);
    }

    @Test
    void live_service_answers_orders_until_it_is_asked_to_stop() throws Exception {
        int port = freePort();
        try (Millrace millrace = new Millrace(directory, database).param("port", String.valueOf(port))) {
            Millrace.Started run =
                    millrace.startFile(CONF.resolve("live-service.json").toString());
            await().ignoreExceptions().until(() -> ask(port, "/health", "").statusCode() == 200);

            HttpResponse<String> order = ask(port, "/orders", "{\"customer\": 7, \"sku\": \"mug\", \"count\": 2}");
            HttpResponse<String> incomplete = ask(port, "/orders", "{\"customer\": 7}");
            HttpResponse<String> unknown = ask(port, "/orders", "{\"customer\": 9, \"sku\": \"mug\", \"count\": 2}");
            run.run().drain("Ctrl-C");
            Millrace.Outcome outcome = run.await();

            assertThat(order.statusCode()).isEqualTo(201);
            assertThatJson(order.body()).node("total").isEqualTo(17);
            assertThat(incomplete.statusCode()).isEqualTo(400);
            assertThat(unknown.statusCode()).isEqualTo(422);
            assertThat(outcome.deadLetters()).isEmpty();
            assertThat(Files.readAllLines(directory.resolve("out/orders.jsonl")))
                    .singleElement()
                    .isEqualTo(order.body());
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static HttpResponse<String> ask(int port, String path, String body) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
        if (!body.isEmpty()) {
            request.header("content-type", "application/json").POST(HttpRequest.BodyPublishers.ofString(body));
        }
        return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void tcp_asks_for_prices_and_streams_them_on() {
        assertThat(run("tcp").lines())
                .extracting(line -> line.get("price").textValue())
                .containsExactly("39.90", "120.00", "310.50", "not sold");
    }

    @Test
    void resume_does_each_job_once_and_keeps_the_one_that_cannot_be_done() throws IOException {
        try (Millrace millrace = millrace(directory).param("jobs", "2500")) {
            Millrace.Outcome first =
                    millrace.runFile(CONF.resolve("resume.json").toString());
            Millrace.Outcome again =
                    millrace.runFile(CONF.resolve("resume.json").toString());

            assertThat(first.exitCode()).isEqualTo(3);
            assertThat(again.exitCode()).isEqualTo(3);
            assertThat(again.result().before()).isPresent();
            assertThat(Files.readAllLines(directory.resolve("out/jobs.jsonl")))
                    .hasSize(2499)
                    .doesNotHaveDuplicates();
        }
    }

    @Test
    void cluster_is_a_single_process_too() throws IOException {
        try (Millrace millrace = millrace(directory).param("jobs", "300")) {
            Millrace.Outcome outcome =
                    millrace.runFile(CONF.resolve("cluster.json").toString());

            assertThat(outcome.result().reason()).isEmpty();
            assertThat(outcome.exitCode()).isZero();
            assertThat(Files.readAllLines(directory.resolve("out/squares.jsonl")))
                    .hasSize(300)
                    .doesNotHaveDuplicates();
        }
    }

    @Test
    void every_flow_in_conf_has_a_test_here() throws IOException {
        Set<String> tested = Set.of(
                "hello",
                "fetch",
                "scrape",
                "crawl",
                "producer-consumer",
                "database",
                "blocking",
                "exec",
                "safe-fetch",
                "gather",
                "race",
                "timeout",
                "cancel",
                "tasks",
                "live-service",
                "tcp",
                "resume",
                "cluster");
        try (Stream<Path> files = Files.list(CONF)) {
            List<String> flows = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".json") && !name.equals("millrace.json"))
                    .map(name -> name.replace(".json", ""))
                    .toList();
            assertThat(flows).containsExactlyInAnyOrderElementsOf(tested);
        }
    }

    @TestFactory
    Stream<DynamicTest> the_example_of_every_component_runs() {
        Catalog catalog = Catalog.load();
        return Stream.of(Spec.Kind.STEP, Spec.Kind.SOURCE, Spec.Kind.SINK, Spec.Kind.RESOURCE)
                .flatMap(kind -> catalog.names(kind).stream()
                        .flatMap(name -> catalog.named(name).stream())
                        .filter(component -> component.spec().kind() == kind))
                .map(Component::spec)
                .map(spec -> DynamicTest.dynamicTest(
                        spec.kind() + " " + spec.name(), () -> runs(spec.kind() + " " + spec.name(), spec.example())));
    }

    @TestFactory
    Stream<DynamicTest> every_runnable_flow_of_the_guides_runs() {
        List<DynamicTest> tests = new ArrayList<>();
        List<Path> texts = new ArrayList<>(list(GUIDES));
        texts.add(Path.of("README.md"));
        for (Path guide : texts) {
            Matcher matcher = RUNNABLE.matcher(read(guide));
            while (matcher.find()) {
                String flow = matcher.group(1);
                String name = guide.getFileName() + " at " + matcher.start();
                tests.add(DynamicTest.dynamicTest(name, () -> runs(name, flow)));
            }
        }
        assertThat(tests).hasSizeGreaterThan(20);
        return tests.stream();
    }

    /** From the project's folder, as their texts say. They all go by one name, so that durable ones begin a run of their own. */
    private static void runs(String name, String flow) {
        assertThat(flow).as("example of %s", name).isNotBlank();
        try (Millrace millrace = millrace(Path.of("").toAbsolutePath())) {
            Path dead = shared.resolve("dead-" + Math.abs(name.hashCode()) + ".jsonl");
            Millrace.Outcome outcome = millrace.plugins(PluginJars.template())
                    .deadLetters(dead)
                    .fresh(true)
                    .start(flow)
                    .await();

            assertThat(outcome.result().reason()).as(name).isEmpty();
            assertThat(outcome.deadLetters()).as(name).isEmpty();
            assertThat(outcome.exitCode()).as(name).isZero();
        }
    }

    private Millrace.Outcome run(String example) {
        try (Millrace millrace = millrace(directory)) {
            return millrace.runFile(CONF.resolve(example + ".json").toString());
        }
    }

    private static Millrace millrace(Path folder) {
        return new Millrace(folder, database, address -> Future.succeededFuture(ledger), List.of());
    }

    private static List<Path> list(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
