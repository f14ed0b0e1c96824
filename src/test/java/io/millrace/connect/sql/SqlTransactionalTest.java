package io.millrace.connect.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.millrace.spi.Encoded;
import io.millrace.spi.Failure;
import io.millrace.spi.Failure.Kind;
import io.millrace.spi.StoreTransaction;
import io.millrace.spi.Transactional;
import io.millrace.spi.Variables;
import io.millrace.testkit.Await;
import io.millrace.testkit.TestAssembly;
import io.millrace.testkit.TestJson;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.SqlConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rows written in a transaction that somebody else, here the test, has begun. */
class SqlTransactionalTest extends SqlTestBase {
    private final List<PgConnection> stores = new ArrayList<>();

    private Transactional sink(String settings) {
        return sink(assembly, settings);
    }

    private Transactional sink(TestAssembly with, String settings) {
        Transactional sink = (Transactional) with.sink(new SqlSinkType(), settings);
        Await.onLoop(vertx, sink::open);
        return sink;
    }

    private SqlConnection store() {
        return store(database.options());
    }

    private SqlConnection store(PgConnectOptions options) {
        PgConnection connection = Await.get(PgConnection.connect(
                vertx,
                new PgConnectOptions(options).setCachePreparedStatements(true).setPipeliningLimit(256)));
        stores.add(connection);
        return connection;
    }

    @AfterEach
    void closeStores() {
        stores.forEach(connection -> Await.get(connection.close()));
        stores.clear();
    }

    private static StoreTransaction in(SqlConnection connection) {
        return new StoreTransaction() {
            @Override
            public <T> T connection(Class<T> type) {
                return type.cast(connection);
            }
        };
    }

    private static void run(SqlConnection connection, String sql) {
        Await.get(connection.query(sql).execute());
    }

    private boolean joins(Transactional sink, SqlConnection store) {
        run(store, "BEGIN");
        boolean joins = Await.onLoop(vertx, () -> sink.joins(in(store)));
        run(store, "ROLLBACK");
        return joins;
    }

    /** Writes within the open transaction; yields what was refused. */
    private Map<Integer, Failure> write(Transactional sink, SqlConnection store, String... documents) {
        List<Encoded> rows = new ArrayList<>();
        for (String document : documents) {
            rows.add(sink.encode(TestJson.object(document), Variables.NONE));
        }
        return write(sink, store, rows);
    }

    private Map<Integer, Failure> write(Transactional sink, SqlConnection store, List<Encoded> rows) {
        Map<Integer, Failure> refused = new TreeMap<>();
        Await.onLoop(vertx, () -> sink.write(in(store), rows, refused::put));
        return refused;
    }

    private SqlConnection begunFor(Transactional sink) {
        SqlConnection store = store();
        assertThat(joins(sink, store)).isTrue();
        run(store, "BEGIN");
        return store;
    }

    @Test
    void rows_are_there_when_the_transaction_is_committed_and_not_before() {
        sql("CREATE TABLE tx_plain (id int PRIMARY KEY, name text)");
        Transactional sink = sink("{table: 'tx_plain', key: ['id']}");
        SqlConnection store = begunFor(sink);

        Map<Integer, Failure> refused = write(sink, store, "{id: 1, name: 'Ada'}", "{id: 2}");
        String before = sql("SELECT * FROM tx_plain");
        run(store, "COMMIT");

        assertThat(refused).isEmpty();
        assertThat(before).isEqualTo("[]");
        assertThat(sql("SELECT * FROM tx_plain ORDER BY id"))
                .isEqualTo("[{\"id\":1,\"name\":\"Ada\"},{\"id\":2,\"name\":null}]");
    }

    @Test
    void a_rollback_leaves_nothing_and_the_same_rows_can_be_written_again() {
        sql("CREATE TABLE tx_back (id int PRIMARY KEY, n int CHECK (n > 0))");
        Transactional sink = sink("{table: 'tx_back', key: ['id']}");
        SqlConnection store = begunFor(sink);
        List<Encoded> rows = List.of(
                sink.encode(TestJson.object("{id: 1, n: 1}"), Variables.NONE),
                sink.encode(TestJson.object("{id: 2, n: -1}"), Variables.NONE));

        Map<Integer, Failure> first = write(sink, store, rows);
        run(store, "ROLLBACK");
        String between = sql("SELECT * FROM tx_back");
        run(store, "BEGIN");
        Map<Integer, Failure> second = write(sink, store, rows);
        run(store, "COMMIT");

        assertThat(between).isEqualTo("[]");
        assertThat(first).containsOnlyKeys(1);
        assertThat(second).containsOnlyKeys(1);
        assertThat(sql("SELECT id FROM tx_back")).isEqualTo("[{\"id\":1}]");
    }

    @ParameterizedTest
    @CsvSource({"0", "1", "100"})
    void of_two_thousand_rows_the_bad_ones_are_told_and_the_others_stand(int bad) {
        sql("DROP TABLE IF EXISTS tx_many");
        sql("CREATE TABLE tx_many (id int PRIMARY KEY, n int CONSTRAINT positive CHECK (n >= 0))");
        Transactional sink = sink("{table: 'tx_many', key: ['id']}");
        SqlConnection store = begunFor(sink);
        List<Encoded> rows = IntStream.range(0, 2000)
                .mapToObj(i -> sink.encode(
                        TestJson.object("{id: " + i + ", n: " + (bad > 0 && i % (2000 / bad) == 7 ? -1 : i) + "}"),
                        Variables.NONE))
                .toList();

        Map<Integer, Failure> refused = write(sink, store, rows);
        run(store, "INSERT INTO tx_many VALUES (5000, 1)"); // the transaction is whole
        run(store, "COMMIT");

        assertThat(refused).hasSize(bad);
        refused.forEach((index, failure) -> {
            assertThat(index % (2000 / bad)).isEqualTo(7);
            assertThat(failure.kind()).isEqualTo(Kind.BAD_DATA);
            assertThat(failure.code()).isEqualTo("23514");
            assertThat(failure).hasMessageContaining("table tx_many: ").hasMessageContaining("positive");
        });
        assertThat(sql("SELECT count(*) AS n FROM tx_many")).isEqualTo("[{\"n\":" + (2001 - bad) + "}]");
    }

    @Test
    void a_deferred_constraint_refuses_the_row_at_fault_before_the_commit() {
        sql("CREATE TABLE tx_towns (id int PRIMARY KEY)");
        sql("INSERT INTO tx_towns VALUES (1)");
        sql("CREATE TABLE tx_lives (id int PRIMARY KEY, town int REFERENCES tx_towns DEFERRABLE INITIALLY DEFERRED)");
        Transactional sink = sink("{table: 'tx_lives', key: ['id']}");
        SqlConnection store = begunFor(sink);

        Map<Integer, Failure> refused = write(sink, store, "{id: 1, town: 1}", "{id: 2, town: 9}", "{id: 3, town: 1}");
        run(store, "COMMIT");

        assertThat(refused).containsOnlyKeys(1);
        assertThat(refused.get(1)).hasMessageContaining("(town)=(9) is not present");
        assertThat(sql("SELECT id FROM tx_lives ORDER BY id")).isEqualTo("[{\"id\":1},{\"id\":3}]");
    }

    @Test
    void rows_of_one_commit_may_refer_to_each_other_under_a_deferred_constraint() {
        sql("CREATE TABLE tx_tree (id int PRIMARY KEY, parent int REFERENCES tx_tree DEFERRABLE INITIALLY DEFERRED)");
        Transactional sink = sink("{table: 'tx_tree', key: ['id']}");
        SqlConnection store = begunFor(sink);

        Map<Integer, Failure> refused = write(sink, store, "{id: 1, parent: 2}", "{id: 2}");
        run(store, "COMMIT");

        assertThat(refused).isEmpty();
    }

    @Test
    void of_equal_keys_in_one_commit_the_last_wins_whichever_roots_they_are_of() {
        sql("CREATE TABLE tx_equal (id numeric PRIMARY KEY, a int CHECK (a > 0), b int)");
        Transactional sink = sink("{table: 'tx_equal', key: ['id']}");
        SqlConnection store = begunFor(sink);

        Map<Integer, Failure> refused = write(
                sink,
                store,
                "{id: 1, a: 1, b: 1}",
                "{id: 2, a: 7}",
                "{id: '1.0', a: 2}",
                "{id: 2, a: -7}",
                "{id: 1, b: 3}");
        run(store, "COMMIT");

        assertThat(refused).containsOnlyKeys(3);
        assertThat(sql("SELECT id::int, a, b FROM tx_equal ORDER BY id").replace("\"", ""))
                .isEqualTo("[{id:1,a:2,b:3},{id:2,a:7,b:null}]");
    }

    @Test
    void a_document_that_can_be_no_row_fails_when_it_is_encoded() {
        sql("CREATE TABLE tx_types (id int PRIMARY KEY)");
        Transactional sink = sink("{table: 'tx_types', key: ['id']}");

        Throwable thrown = catchThrowable(() -> sink.encode(TestJson.object("{id: 'x'}"), Variables.NONE));

        assertThat(thrown).isInstanceOf(Failure.class).hasMessage("column \"id\" is integer, got \"x\"");
    }

    @Test
    void what_a_row_holds_is_counted() {
        sql("CREATE TABLE tx_size (id int, name text)");
        Transactional sink = sink("{table: 'tx_size'}");

        long small = sink.encode(TestJson.object("{id: 1}"), Variables.NONE).bytes();
        long large = sink.encode(TestJson.object("{id: 1, name: '" + "x".repeat(10_000) + "'}"), Variables.NONE)
                .bytes();

        assertThat(small).isBetween(100L, 500L);
        assertThat(large - small).isBetween(10_000L, 30_000L);
    }

    @Test
    void a_sink_joins_the_store_in_its_database_whatever_the_address_says() {
        sql("CREATE TABLE tx_join (id int)");
        TestDatabase other = new TestDatabase(vertx);
        Transactional sink = sink("{table: 'tx_join'}");

        boolean same = joins(sink, store());
        boolean elsewhere = joins(sink, store(other.options()));
        closeStores();
        other.drop();

        assertThat(same).isTrue();
        assertThat(elsewhere).isFalse();
    }

    @Test
    void a_copy_of_the_database_in_which_all_has_the_same_ids_is_another() {
        TestDatabase original = new TestDatabase(vertx);
        String name = original.options().getDatabase();
        SqlConnection builder = store(original.options());
        run(builder, "CREATE TABLE tx_copied (id int)");
        closeStores();
        sql("CREATE DATABASE " + name + "_copy TEMPLATE " + name);
        TestAssembly with = original.assembly();
        Postgres db = build(with, original.settings(""));
        Await.onLoop(vertx, db::open);
        Transactional sink = sink(with.with(PostgresResourceType.KIND, db), "{table: 'tx_copied'}");

        boolean same = joins(sink, store(original.options()));
        boolean copy = joins(sink, store(original.options().setDatabase(name + "_copy")));
        closeStores();
        Await.get(db.close());
        sql("DROP DATABASE " + name + "_copy");
        original.drop();

        assertThat(same).isTrue();
        assertThat(copy).isFalse();
    }

    @Test
    void a_sink_does_not_join_a_store_with_other_rights() {
        sql("CREATE TABLE tx_rights (id int)");
        sql("CREATE ROLE tx_guest_role");
        Transactional sink = sink("{table: 'tx_rights'}");
        SqlConnection store = store();
        run(store, "SET ROLE tx_guest_role");

        boolean joins = joins(sink, store);
        run(store, "RESET ROLE");
        sql("DROP ROLE tx_guest_role");

        assertThat(joins).isFalse();
    }

    @Test
    void names_and_times_mean_in_the_stores_session_what_they_mean_in_the_sinks() {
        sql("CREATE SCHEMA tx_shop");
        sql("CREATE TABLE tx_shop.tx_named (id int PRIMARY KEY, at timestamptz)");
        sql("CREATE TABLE tx_named (id int PRIMARY KEY, at timestamptz)");
        Transactional sink = sink("{table: 'tx_named', key: ['id']}");
        SqlConnection store = store();
        run(store, "SET search_path = tx_shop");
        run(store, "SET TimeZone = 'Asia/Tokyo'");
        boolean joins = joins(sink, store);

        run(store, "BEGIN");
        write(sink, store, "{id: 1, at: '2026-01-01T00:00:00'}");
        run(store, "COMMIT");

        assertThat(joins).isTrue();
        assertThat(sql("SELECT at FROM public.tx_named")).isEqualTo("[{\"at\":\"2026-01-01T00:00:00Z\"}]");
        assertThat(sql("SELECT at FROM tx_shop.tx_named")).isEqualTo("[]");
    }

    @Test
    void a_column_that_changes_its_type_meanwhile_is_no_harm() {
        sql("CREATE TABLE tx_stale (id int PRIMARY KEY, n int)");
        Transactional sink = sink("{table: 'tx_stale', key: ['id']}");
        SqlConnection store = begunFor(sink);
        write(sink, store, "{id: 1, n: 1}");
        run(store, "COMMIT");
        sql("ALTER TABLE tx_stale ALTER n TYPE bigint");

        run(store, "BEGIN");
        Map<Integer, Failure> refused = write(sink, store, "{id: 2, n: 2}");
        run(store, "COMMIT");

        assertThat(refused).isEmpty();
        assertThat(sql("SELECT count(*) AS n FROM tx_stale")).isEqualTo("[{\"n\":2}]");
    }

    @Test
    void a_table_that_is_gone_fails_the_transaction_with_its_name() {
        sql("CREATE TABLE tx_gone (id int PRIMARY KEY)");
        Transactional sink = sink("{table: 'tx_gone', key: ['id']}");
        SqlConnection store = begunFor(sink);
        sql("DROP TABLE tx_gone");

        Throwable thrown = catchThrowable(() -> write(sink, store, "{id: 1}"));

        assertThat(thrown).isInstanceOf(Failure.class).hasMessage("table tx_gone: relation \"tx_gone\" does not exist");
        assertThat(((Failure) thrown).code()).isEqualTo("42P01");
    }

    @Test
    void a_connection_that_is_cut_fails_with_the_clients_own_exception() {
        sql("CREATE TABLE tx_cut (id int PRIMARY KEY)");
        Transactional sink = sink("{table: 'tx_cut', key: ['id']}");
        SqlConnection store = begunFor(sink);
        int backend = ((PgConnection) store).processId();
        sql("SELECT pg_terminate_backend(" + backend + ")");

        Throwable thrown = catchThrowable(() -> write(sink, store, "{id: 1}"));

        assertThat(thrown).isNotNull().isNotInstanceOf(Failure.class);
        stores.clear();
    }
}
