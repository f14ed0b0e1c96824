package io.millrace;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.testkit.Embedded;
import io.millrace.testkit.Millrace;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a bad item, and what a bad environment, makes of a run. */
class BadInputTest {
    @TempDir
    private static Path shared;

    private static Embedded database;
    private static Vertx vertx;
    private static String server;

    @TempDir
    private Path directory;

    private Millrace millrace;

    @BeforeAll
    static void startServers() throws Exception {
        database = new Embedded(shared.resolve("state"));
        vertx = Vertx.vertx();
        HttpServer http = await(
                vertx.createHttpServer().requestHandler(BadInputTest::answer).listen(0, "127.0.0.1"));
        server = "http://127.0.0.1:" + http.actualPort();
    }

    private static void answer(HttpServerRequest request) {
        switch (request.path()) {
            case "/500" -> request.response().setStatusCode(500).end("broken");
            case "/large" -> request.response().end(Buffer.buffer(new byte[100_000]));
            case "/json" ->
                request.response().putHeader("content-type", "application/json").end("{\"a\": ");
            case "/reset" -> {
                request.response().putHeader("content-length", "1000").write("half of it");
                request.connection().close();
            }
            default -> request.response().end("fine");
        }
    }

    @AfterAll
    static void stopServers() throws Exception {
        await(vertx.close());
        database.close();
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    @BeforeEach
    void open() {
        millrace = new Millrace(directory, database);
    }

    @AfterEach
    void close() {
        millrace.close();
    }

    @Test
    void each_bad_url_becomes_one_dead_letter_and_the_others_go_on() throws IOException {
        Files.write(
                directory.resolve("urls.txt"),
                List.of(
                        server + "/good",
                        "http://127.0.0.1:1/dead-host",
                        server + "/500",
                        server + "/reset",
                        server + "/large",
                        server + "/json",
                        "not a url",
                        server + "/good"));

        var run = millrace.run("""
                {'resources': {'web': {'http': {'maxBody': '10KB'}}}, 'source': {'lines': 'urls.txt'},
                 'steps': [{'http': '${.value}'}, {'map': {'status': '${.http.status}'}}]}
                """);

        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(run.out()).isEqualTo("{\"status\":200}\n{\"status\":200}\n");
        assertThat(run.deadLetters()).hasSize(6);
        assertThat(reason(run, 2)).startsWith("UNREACHABLE").contains("127.0.0.1:1");
        assertThat(reason(run, 3)).startsWith("REJECTED").contains("500");
        assertThat(reason(run, 4)).startsWith("UNREACHABLE").contains("closed");
        assertThat(reason(run, 5)).startsWith("LIMIT").contains("maxBody");
        assertThat(reason(run, 6)).startsWith("BAD_DATA").contains("JSON");
        assertThat(reason(run, 7)).startsWith("BAD_DATA").contains("not a url");
    }

    @Test
    void a_ragged_row_becomes_one_dead_letter() throws IOException {
        Files.writeString(directory.resolve("rows.csv"), "a,b,c\n1,2,3\n4,5\n6,7,8\n");

        var run = millrace.run("{'source': {'csv': 'rows.csv'}}");

        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(run.lines()).hasSize(2);
        assertThat(run.deadLetters())
                .singleElement()
                .satisfies(letter -> assertThat(letter.at("/error/message").textValue())
                        .contains("3")
                        .contains("2"));
    }

    @Test
    void a_bad_line_becomes_one_dead_letter() throws IOException {
        Files.writeString(directory.resolve("rows.jsonl"), "{\"n\": 1}\n{\"n\": \n{\"n\": 3}\n");

        var run = millrace.run("{'source': {'jsonl': 'rows.jsonl'}}");

        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(run.out()).isEqualTo("{\"n\":1}\n{\"n\":3}\n");
    }

    @Test
    void a_file_that_cannot_be_read_becomes_one_dead_letter_of_the_step_that_reads_it() throws IOException {
        Files.writeString(directory.resolve("there.txt"), "text");

        var run = millrace.run("""
                {'source': {'values': ['there.txt', 'missing.txt']},
                 'steps': [{'file': {'read': '${.value}'}}]}
                """);

        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(run.lines()).hasSize(1);
        assertThat(run.deadLetters())
                .singleElement()
                .satisfies(letter ->
                        assertThat(letter.at("/error/message").textValue()).contains("missing.txt"));
    }

    @Test
    void a_row_that_violates_a_constraint_becomes_one_dead_letter_and_its_batch_is_written() {
        var run = millrace.run("""
                {'resources': {'db': {'postgres': {'init': [
                     'drop table if exists bad_input', 'create table bad_input (n int primary key check (n <> 5))']}}},
                 'source': {'range': 10}, 'steps': [{'map': {'n': '${.value}'}}],
                 'sink': {'sql': {'table': 'bad_input', 'key': ['n']}}}
                """);

        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(run.deadLetters()).singleElement().satisfies(letter -> {
            assertThat(letter.at("/document/value").intValue()).isEqualTo(5);
            assertThat(letter.at("/error/kind").textValue()).isEqualTo("BAD_DATA");
            assertThat(letter.at("/error/code").textValue()).isEqualTo("23514");
        });
        assertThat(run.result().last().stages().get(0).out()).isEqualTo(9);
    }

    @Test
    void a_missing_table_is_one_error_that_says_how_to_make_it() {
        var run = millrace.run("""
                {'source': {'range': 10}, 'sink': {'sql': {'table': 'nowhere', 'key': ['value']}}}
                """);

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.result().reason()).containsIgnoringCase("nowhere").contains("CREATE TABLE");
        assertThat(run.deadLetters()).isEmpty();
    }

    @Test
    void a_port_in_use_is_one_error_and_nothing_is_done() throws IOException {
        try (ServerSocket taken = new ServerSocket(0)) {
            var run = millrace.run("""
                    {'resources': {'shop': {'http-server': {'port': PORT, 'files': '.'}}},
                     'source': {'values': ['${$resources.shop.url}']}, 'sink': {'jsonl': 'out.jsonl'}}
                    """.replace("PORT", "" + taken.getLocalPort()));

            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.result().reason()).contains("shop").contains("" + taken.getLocalPort());
            assertThat(directory).isEmptyDirectory();
        }
    }

    @Test
    void a_database_that_is_not_there_is_one_error_without_the_password() {
        var run = millrace.run("""
                {'resources': {'db': {'postgres': {'uri': 'postgres://ada:secret@127.0.0.1:1/shop', 'connectTimeout': '2s'}}},
                 'source': {'sql': 'select 1 as n'}}
                """);

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.result().reason()).contains("127.0.0.1:1").doesNotContain("secret");
    }

    private static String reason(Millrace.Outcome run, long position) {
        JsonNode error = run.deadLetters().stream()
                .filter(letter -> letter.at("/meta/position").longValue() == position)
                .findFirst()
                .orElseThrow()
                .get("error");
        return error.get("kind").textValue() + " " + error.get("message").textValue();
    }
}
