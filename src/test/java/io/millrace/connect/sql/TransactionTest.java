package io.millrace.connect.sql;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.testkit.Await;
import io.millrace.testkit.Millrace;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnection;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole flows on a real server, and what another session sees of them. */
class TransactionTest {
    private static final Vertx VERTX = Vertx.vertx();
    private static final TestDatabase DATABASE = new TestDatabase(VERTX);
    private static PgConnection watcher;

    @TempDir
    private Path directory;

    private Millrace millrace;

    @BeforeAll
    static void connect() {
        watcher = Await.get(PgConnection.connect(VERTX, DATABASE.options()));
    }

    @AfterAll
    static void drop() {
        Await.get(watcher.close());
        DATABASE.drop();
        Await.get(VERTX.close());
    }

    @BeforeEach
    void open() {
        millrace = new Millrace(directory, () -> Future.succeededFuture(DATABASE.address()));
        rows("DROP TABLE IF EXISTS t");
        rows("CREATE TABLE t (n int PRIMARY KEY)");
    }

    @AfterEach
    void close() {
        millrace.close();
    }

    @Test
    void what_its_steps_wrote_is_there_when_they_have_succeeded() {
        Millrace.Outcome outcome =
                run("[{'transaction': [" + insert(1) + ", " + insert(2) + ", {'set': {'done': true}}]}]");

        assertThat(outcome.lines()).hasToString("[{\"value\":0,\"done\":true}]");
        assertThat(rows("SELECT n FROM t ORDER BY n")).containsExactly("1", "2");
    }

    @Test
    void nothing_is_there_when_one_has_failed_and_the_failure_is_the_steps() {
        Millrace.Outcome outcome = run("[{'transaction': [" + insert(1) + ", {'raise': 'no'}]}]");

        assertThat(outcome.deadLetters())
                .singleElement()
                .extracting(TransactionTest::message)
                .isEqualTo("no");
        assertThat(rows("SELECT n FROM t")).isEmpty();
    }

    @Test
    void its_statements_see_what_it_has_done_and_others_do_not() {
        Millrace.Outcome outcome =
                run("[{'transaction': [{'sql': 'CREATE TABLE made (x int)'}, {'sql': {'query': 'INSERT INTO made"
                        + " VALUES ($1)', 'params': [7]}}, {'sql': {'query': 'SELECT x FROM made', 'one': true}, 'as': 'row'}, {'raise': 'saw ${.row.x}'}],"
                        + " 'onError': [{'map': {'seen': '${.error.message}'}}]}]");

        assertThat(outcome.lines()).hasToString("[{\"seen\":\"saw 7\"}]");
        assertThat(rows("SELECT to_regclass('made') IS NULL")).containsExactly("true");
    }

    @Test
    void a_timeout_cancels_the_statement_and_rolls_back() {
        Millrace.Outcome outcome =
                run("[{'transaction': [" + insert(1) + ", {'sql': 'SELECT pg_sleep(60)'}], 'timeout': '200ms'}]");

        assertThat(outcome.deadLetters())
                .singleElement()
                .extracting(TransactionTest::message)
                .isEqualTo("`transaction` took longer than 200 ms: it was running `SELECT pg_sleep(60)`.");
        assertThat(rows("SELECT n FROM t")).isEmpty();
        assertThat(rows(
                        "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep%' AND state = 'active' AND pid <>"
                                + " pg_backend_pid()"))
                .containsExactly("0");
    }

    @Test
    void one_connection_serves_many_transactions_one_after_another() {
        Millrace.Outcome outcome = start(
                "'range': 20",
                "[{'transaction': [{'sql': {'query': 'INSERT INTO t VALUES ($1)', 'params': ['${.value}']}}, {'sleep': '1ms'}, {'raise':"
                        + " 'odd', 'when': '.value % 2 == 1'}]}]",
                1);

        assertThat(outcome.deadLetters()).hasSize(10);
        assertThat(rows("SELECT count(*) FROM t")).containsExactly("10");
    }

    @Test
    void a_caught_failure_of_a_statement_still_rolls_back_and_says_so() {
        Millrace.Outcome outcome = run("[{'transaction': [" + insert(1) + ", "
                + insert(1).replace("'as'", "'onError': 'ignore', 'as'") + ", {'set': {'a': 1}}]}]");

        assertThat(outcome.deadLetters())
                .singleElement()
                .extracting(TransactionTest::message)
                .asString()
                .startsWith(
                        "rolled back, since a statement has failed in it, though the failure was caught: duplicate key");
        assertThat(rows("SELECT n FROM t")).isEmpty();
    }

    @Test
    void an_inner_transaction_is_a_savepoint() {
        Millrace.Outcome outcome = run("[{'transaction': [" + insert(1) + ", {'transaction': [" + insert(2) + ", "
                + insert(1) + "], 'onError': 'ignore'}, {'transaction': [" + insert(3) + "]}]}]");

        assertThat(outcome.deadLetters()).isEmpty();
        assertThat(rows("SELECT n FROM t ORDER BY n")).containsExactly("1", "3");
    }

    @Test
    void statements_side_by_side_are_of_the_same_transaction() {
        Millrace.Outcome outcome = run("[{'transaction': [{'gather': [[" + insert(1) + "], [" + insert(2)
                + "]]}, {'each': {'in': 'range(3; 50)', 'do':"
                + " [{'sql': {'query': 'INSERT INTO t VALUES ($1)', 'params': ['${.value}']}}]}}, {'raise': 'no'}]}]");

        assertThat(outcome.deadLetters())
                .singleElement()
                .extracting(TransactionTest::message)
                .isEqualTo("no");
        assertThat(rows("SELECT n FROM t")).isEmpty();
    }

    @Test
    void a_conflict_can_be_tried_again() {
        rows("INSERT INTO t VALUES (0)");

        Millrace.Outcome outcome = start(
                "'range': 8",
                "[{'transaction': {'isolation': 'serializable', 'do': [{'sql': {'query': 'SELECT n FROM t', 'one': true}, 'as': 'row'},"
                        + " {'sleep': '5ms'}, {'sql': {'query': 'UPDATE t SET n = $1', 'params': ['${.row.n + 1}']}}]}, 'retry': {'attempts':"
                        + " 100, 'backoff': '5ms', 'maxBackoff': '20ms'}}]",
                8);

        assertThat(outcome.deadLetters()).isEmpty();
        assertThat(rows("SELECT n FROM t")).containsExactly("8");
    }

    private static String insert(int n) {
        return "{'sql': 'INSERT INTO t VALUES (" + n + ")', 'as': null}";
    }

    private static String message(JsonNode letter) {
        return letter.at("/error/message").asText();
    }

    private Millrace.Outcome run(String steps) {
        return start("'range': 1", steps, 4);
    }

    private Millrace.Outcome start(String source, String steps, int pool) {
        return millrace.run("{'resources': {'db': {'postgres': "
                + DATABASE.settings("pool: " + pool).replaceAll("(uri|pool)", "'$1'") + "}}, 'source': {" + source
                + "}, 'concurrency': 8, 'steps': " + steps + "}");
    }

    private static List<String> rows(String query) {
        List<String> rows = new ArrayList<>();
        Await.get(watcher.query(query).execute()).forEach(row -> rows.add(String.valueOf(row.getValue(0))));
        return rows;
    }
}
