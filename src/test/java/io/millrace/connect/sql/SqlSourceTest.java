package io.millrace.connect.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.millrace.spi.Failure;
import io.millrace.spi.Records;
import io.millrace.spi.Source;
import io.millrace.testkit.Await;
import io.millrace.testkit.Drain;
import io.millrace.testkit.TestAssembly;
import java.util.List;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SqlSourceTest extends SqlTestBase {
    private Source source(String settings) {
        return assembly.source(new SqlSourceType(), settings);
    }

    private Failure failureOf(Source source) {
        return (Failure) catchThrowable(() -> Drain.all(vertx, source, 7));
    }

    @Test
    void without_key_yields_each_row_of_the_query_with_its_ordinal() {
        List<Records.Entry> entries =
                Drain.all(vertx, source("{query: 'SELECT n FROM generate_series(1, $1::int) n;', params: [20]}"), 7);

        assertThat(entries)
                .extracting(e -> e.value().path("n").intValue())
                .containsExactlyElementsOf(IntStream.rangeClosed(1, 20).boxed().toList());
        assertThat(entries)
                .extracting(Records.Entry::position)
                .startsWith(0L, 1L)
                .endsWith(19L);
    }

    @Test
    void without_key_reads_one_consistent_view_and_only_as_there_is_room() {
        sql("CREATE TABLE viewed AS SELECT n FROM generate_series(1, 100) n");
        Source source = source("'SELECT n FROM viewed'");
        Await.onLoop(vertx, source::open);
        Records first = new Records(10);
        Await.onLoop(vertx, () -> source.read(first));
        sql("DELETE FROM viewed");
        Records second = new Records(500);

        boolean more = Await.onLoop(vertx, () -> source.read(second));

        assertThat(first.entries()).hasSize(10);
        assertThat(second.entries()).hasSize(90);
        assertThat(more).isFalse();
        Await.onLoop(vertx, source::close);
    }

    @Test
    void yields_nothing_for_a_query_without_rows() {
        assertThat(Drain.values(vertx, source("'SELECT 1 WHERE false'"))).isEmpty();
        assertThat(Drain.values(vertx, source("{query: 'SELECT 1 AS id WHERE false', key: 'id'}")))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    n::bigint
                    n::numeric / 4
                    to_char(n, '000')
                    timestamptz '2026-01-01' + n * interval '1.000001 s'
                    md5(n::text)::uuid
                    """)
    void with_key_reads_page_after_page_every_row_once(String key) {
        String query = "SELECT n, " + key + " AS \\\"The Key\\\" FROM generate_series(1, 100) n -- all";
        List<Records.Entry> entries = Drain.all(vertx, source("{query: \"" + query + "\", key: 'The Key'}"), 9);

        assertThat(entries)
                .extracting(e -> e.value().path("n").intValue())
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.rangeClosed(1, 100).boxed().toList());
    }

    @Test
    void with_key_holds_no_connection_between_pages_and_outlives_lost_ones() {
        TestAssembly with = open("pool: 1");
        Source source = with.source(new SqlSourceType(), "{query: 'SELECT n FROM generate_series(1, 40) n', key: 'n'}");
        Await.onLoop(vertx, source::open);
        Records first = new Records(10);
        Await.onLoop(vertx, () -> source.read(first));
        sql(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()");
        Records rest = new Records(100);

        Await.onLoop(vertx, () -> source.read(rest));

        assertThat(rest.entries()).hasSize(30);
    }

    @Test
    void a_key_that_is_not_unique_or_null_fails_with_the_mend() {
        assertThat(failureOf(source("{query: 'SELECT n / 2 AS k FROM generate_series(1, 100) n', key: 'k'}")))
                .hasMessageContaining("key \"k\" is not unique: 1 comes twice")
                .hasMessageContaining("leave \"key\" out");
        assertThat(failureOf(source("{query: 'SELECT NULL::int AS k', key: 'k'}")))
                .hasMessageContaining("is null");
    }

    @Test
    void a_mistake_in_the_query_fails_the_opening() {
        assertThat(failureOf(source("'SELECT * FROM nowhere'")))
                .hasMessageContaining("relation \"nowhere\" does not exist");
        assertThat(failureOf(source("{query: 'SELECT 1 AS a', key: 'b'}"))).hasMessageContaining("q.b does not exist");
    }

    @Test
    void a_query_that_writes_is_refused_by_the_server() {
        sql("CREATE TABLE kept (id int)");

        assertThat(failureOf(source("'INSERT INTO kept VALUES (1) RETURNING id'")))
                .hasMessageContaining("read-only transaction");
    }

    @Test
    void closing_ends_the_query_on_the_server() {
        Source source = source("'SELECT pg_sleep(0.01), n FROM generate_series(1, 100000) n'");
        Await.onLoop(vertx, source::open);
        vertx.runOnContext(nothing -> source.read(new Records(1000)));
        String running =
                "SELECT count(*) AS n FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep(0.01)%' AND datname = current_database()";
        Awaitility.await().until(() -> sql(running).equals("[{\"n\":1}]"));

        Await.onLoop(vertx, source::close);

        Awaitility.await().until(() -> sql(running).equals("[{\"n\":0}]"));
    }
}
