package io.millrace;

import static net.javacrumbs.jsonunit.assertj.JsonAssertions.assertThatJson;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.millrace.catalog.Catalog;
import io.millrace.cli.Cli;
import io.millrace.cli.ComponentDocs;
import io.millrace.cli.Signals;
import io.millrace.cli.Terminal;
import io.millrace.cli.Toolbox;
import io.millrace.connect.sql.PostgresUri;
import io.millrace.control.LocalRuns;
import io.millrace.control.SocketFolder;
import io.millrace.expr.JqExpressions;
import io.millrace.flow.FlowReader;
import io.millrace.spi.Component;
import io.millrace.spi.Components;
import io.millrace.store.embedded.EmbeddedPostgres;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A durable flow on the command line, from its first run to its last dead letter, on an embedded server. */
class DurableCommandsTest {
    private static final String FLOW = """
            {
              "durable": true,
              "resources": { "db": { "postgres": { "init": "CREATE TABLE IF NOT EXISTS numbers (n bigint PRIMARY KEY)" } } },
              "stages": {
                "count": { "source": { "range": 6 }, "to": "keep" },
                "keep": {
                  "steps": [{ "raise": "no ${.value}", "when": "%s" }, { "map": { "n": "${.value}" } }],
                  "sink": { "sql": { "table": "numbers", "mode": "insert" } }
                }
              }
            }""";

    @TempDir
    private Path folder;

    private String out = "";
    private String err = "";

    /** Runs a command as {@link Main} does; gives its exit code. */
    private int millrace(String... args) {
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        ByteArrayOutputStream words = new ByteArrayOutputStream();
        Terminal terminal = new Terminal(
                print(data),
                print(words),
                new ByteArrayInputStream(new byte[0]),
                false,
                false,
                100,
                Map.of(),
                folder,
                Optional::empty);
        int code = new Cli(tools(), terminal, new Deaf()).execute(args);
        out = data.toString(StandardCharsets.UTF_8);
        err = words.toString(StandardCharsets.UTF_8);
        return code;
    }

    private static PrintStream print(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    private Toolbox tools() {
        JqExpressions expressions = new JqExpressions();
        Catalog catalog = Catalog.load();
        return new Toolbox(
                request -> new FlowReader(catalog, expressions).read(request),
                new NoDocs(catalog),
                settings -> Machinery.open(settings, expressions),
                () -> LocalRuns.open(SocketFolder.in(folder.resolve("sockets"))),
                PostgresUri::parse,
                () -> expressions);
    }

    private record NoDocs(Components components) implements ComponentDocs {
        @Override
        public String page(Component component) {
            return "";
        }

        @Override
        public com.fasterxml.jackson.databind.JsonNode schema() {
            return JsonNodeFactory.instance.objectNode();
        }
    }

    private static final class Deaf implements Signals {
        @Override
        public void listen(Consumer<Kind> listener) {}

        @Override
        public void halt(int exitCode) {
            throw new IllegalStateException("halted");
        }
    }

    private void flow(String fails) throws IOException {
        Files.writeString(folder.resolve("numbers.json"), FLOW.formatted(fails));
    }

    private List<String> said() {
        return err.lines().toList();
    }

    @Test
    void shows_and_drops_what_failed_in_a_durable_run() throws IOException {
        flow(".value > 3");

        int code = millrace("run", "numbers.json", "--progress", "none");
        assertThat(code).as(err).isEqualTo(3);
        assertThat(err).contains("2 dead letters: `millrace dead list numbers` shows them");

        assertThat(millrace("runs")).as(err).isZero();
        assertThat(out.lines().toList().get(1)).matches("1 +numbers +finished .* 3 +2");

        assertThat(millrace("dead", "list", "--filter", ".document.value == 5", "--json"))
                .as(err)
                .isZero();
        assertThatJson(out.strip()).node("error.message").isEqualTo("no 5");
        assertThatJson(out.strip()).node("stage").isEqualTo("keep");

        assertThat(millrace("dead", "drop", "numbers", "--filter", ".document.value == 5"))
                .isZero();
        assertThat(said()).containsExactly("1 dead letter of run 1 (numbers) is gone");
        millrace("dead", "list");
        assertThat(out.lines()).hasSize(2);
    }

    @Test
    void runs_replayed_letters_in_the_stage_where_they_failed() throws IOException {
        flow(".value > 3");
        millrace("run", "numbers.json", "--progress", "none");

        assertThat(millrace("dead", "replay", "numbers.json", "--all")).as(err).isZero();
        assertThat(said())
                .containsExactly("2 dead letters of run 1 go back to stage \"keep\";"
                        + " `millrace run numbers.json`, with the same params, works on them");
        millrace("runs");
        assertThat(out.lines().toList().get(1)).matches("1 +numbers +unfinished .* 0");

        flow("false");
        assertThat(millrace("run", "numbers.json", "--progress", "none"))
                .as(err)
                .isZero();
        assertThat(err)
                .contains(
                        "resuming run 1 at 6 (stage \"count\"): 6 records are done\n",
                        "resuming run 1: 2 items wait in queues (keep 2)\n",
                        ": 2 items in this process; run 1 in all: 8 records done\n");
        assertThat(rows()).isEqualTo(6);
        millrace("dead", "list");
        assertThat(said()).containsExactly("there are no dead letters");
    }

    @Test
    void adds_to_a_finished_file_what_replayed_letters_become() throws IOException {
        String flow = """
                {
                  "durable": true,
                  "source": { "range": 4 },
                  "steps": [{ "raise": "no", "when": "%s" }],
                  "sink": { "jsonl": "out.jsonl" }
                }""";
        Files.writeString(folder.resolve("file.json"), flow.formatted(".value == 2"));
        assertThat(millrace("run", "file.json", "--progress", "none")).as(err).isEqualTo(3);
        millrace("dead", "replay", "--all");

        Files.writeString(folder.resolve("file.json"), flow.formatted("false"));
        assertThat(millrace("run", "file.json", "--progress", "none")).as(err).isZero();

        assertThat(folder.resolve("out.jsonl"))
                .content()
                .isEqualTo("{\"value\":0}\n{\"value\":1}\n{\"value\":3}\n{\"value\":2}\n");
    }

    @Test
    void looks_into_the_store_that_a_flow_names() throws IOException {
        try (EmbeddedPostgres server = EmbeddedPostgres.start(folder.resolve("elsewhere"))) {
            Files.writeString(folder.resolve("own.json"), """
                    {
                      "durable": "db",
                      "resources": { "db": { "postgres": "%s" } },
                      "source": { "range": 4 },
                      "steps": [{ "raise": "no", "when": ".value == 2" }],
                      "sink": { "jsonl": "own.jsonl" }
                    }""".formatted(uri(server.address())));
            assertThat(millrace("run", "own.json", "--progress", "none"))
                    .as(err)
                    .isEqualTo(3);

            millrace("dead", "list", "own.json");
            assertThat(out.lines()).hasSize(2);
            millrace("dead", "show", "1", "--flow", "own.json");
            assertThatJson(out).node("error.message").isEqualTo("no");
            millrace("dead", "replay", "own.json", "--all");
            assertThat(err).contains("1 dead letter of run 1 goes back to stage \"own\"");
            millrace("runs", "--flow", "own.json");
            assertThat(out.lines().toList().get(1)).matches("1 +own +unfinished .*");
            assertThat(millrace("top", "own.json", "--interval", "1ms")).as(err).isZero();
            assertThat(out.lines().toList().get(3)).matches("1 +own +unfinished +.* 4 +1 +0 +0");
            assertThat(millrace("cancel", "own.json")).as(err).isZero();
            assertThat(said()).containsExactly("run 1 (own) is cancelled; it will not be resumed");
            millrace("runs");
            assertThat(out).isEmpty();
        }
        assertThat(folder.resolve(".millrace")).doesNotExist();
    }

    private static String uri(EmbeddedPostgres.Address at) {
        return "postgresql://" + at.user() + ":" + URLEncoder.encode(at.password(), StandardCharsets.UTF_8) + "@"
                + URLEncoder.encode(at.socketDir().toString(), StandardCharsets.UTF_8) + ":" + at.port() + "/"
                + at.database();
    }

    private int rows() throws IOException {
        Files.writeString(
                folder.resolve("rows.json"),
                "{ \"source\": { \"sql\": \"SELECT count(*) AS n FROM numbers\" }, \"sink\": { \"stdout\": \"${.n}\" } }");
        assertThat(millrace("run", "rows.json", "--progress", "none")).as(err).isZero();
        return Integer.parseInt(out.strip());
    }
}
