package io.millrace.connect.sql;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.spi.Failure;
import io.millrace.spi.Failure.Kind;
import io.millrace.spi.Sink;
import io.millrace.testkit.Await;
import io.millrace.testkit.TestBatch;
import io.millrace.testkit.TestJson;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SqlSinkTest extends SqlTestBase {
    private Sink sink(String settings) {
        Sink sink = assembly.sink(new SqlSinkType(), settings);
        Await.onLoop(vertx, sink::open);
        return sink;
    }

    private TestBatch write(Sink sink, String... documents) {
        return write(sink, TestBatch.of(documents));
    }

    private TestBatch write(Sink sink, TestBatch batch) {
        Await.onLoop(vertx, () -> sink.write(batch));
        return batch;
    }

    private Failure refusedOpening(String settings) {
        Sink sink = assembly.sink(new SqlSinkType(), settings);
        return (Failure) org.assertj.core.api.Assertions.catchThrowable(() -> Await.onLoop(vertx, sink::open));
    }

    @Test
    void inserts_each_field_into_its_column() {
        sql("CREATE TABLE people (id int, name text, tags jsonb)");

        TestBatch batch = write(
                sink("{table: 'people'}"), "{id: 1, name: 'Ada', tags: {a: [1]}}", "{id: '2', name: 7, tags: null}");

        assertThat(batch.rejected()).isEmpty();
        assertThat(sql("SELECT * FROM people ORDER BY id"))
                .isEqualTo(
                        "[{\"id\":1,\"name\":\"Ada\",\"tags\":{\"a\":[1]}},{\"id\":2,\"name\":\"7\",\"tags\":null}]");
    }

    @Test
    void a_column_that_a_document_lacks_gets_its_default_and_null_is_null() {
        sql("CREATE TABLE defaults (id int PRIMARY KEY, at text DEFAULT 'then', n int DEFAULT 5)");

        write(sink("{table: 'defaults'}"), "{id: 1}", "{id: 2, at: null}", "{id: 3, n: 9}", "{id: 4}");

        assertThat(sql("SELECT id, at, n FROM defaults ORDER BY id").replace("\"", ""))
                .isEqualTo("[{id:1,at:then,n:5},{id:2,at:null,n:5},{id:3,at:then,n:9},{id:4,at:then,n:5}]");
    }

    @Test
    void upserts_by_key_and_changes_only_the_fields_that_are_there() {
        sql("CREATE TABLE stock (sku text PRIMARY KEY, n int, note text)");
        Sink sink = sink("{table: 'stock', key: ['sku']}");

        write(sink, "{sku: 'a', n: 1, note: 'first'}", "{sku: 'b', n: 1}");
        write(sink, "{sku: 'a', n: 2}");

        assertThat(sql("SELECT * FROM stock ORDER BY sku").replace("\"", ""))
                .isEqualTo("[{sku:a,n:2,note:first},{sku:b,n:1,note:null}]");
    }

    @Test
    void of_a_key_that_comes_twice_in_a_batch_the_last_wins_field_by_field() {
        sql("CREATE TABLE twice (id numeric PRIMARY KEY, a int, b int)");

        TestBatch batch = write(
                sink("{table: 'twice', key: ['id']}"),
                "{id: 1, a: 1, b: 1}",
                "{id: '1.0', a: 2}",
                "{id: 2, a: 5}",
                "{id: 1, b: 3}");

        assertThat(batch.rejected()).isEmpty();
        assertThat(sql("SELECT id::int, a, b FROM twice ORDER BY id").replace("\"", ""))
                .isEqualTo("[{id:1,a:2,b:3},{id:2,a:5,b:null}]");
    }

    @Test
    void keys_that_only_the_server_sees_to_be_equal_are_written_one_after_the_other() {
        sql("CREATE TABLE octets (id int[] PRIMARY KEY, a int)");

        TestBatch batch = write(
                sink("{table: 'octets', key: ['id']}"),
                "{id: '{1,2}', a: 1}",
                "{id: '{ 1, 2 }', a: 1}",
                "{id: [3], a: 2}");

        assertThat(batch.rejected()).isEmpty();
        assertThat(sql("SELECT count(*) AS n FROM octets")).isEqualTo("[{\"n\":2}]");
    }

    @Test
    void ignore_leaves_the_row_that_is_there() {
        sql("CREATE TABLE seen (id int PRIMARY KEY, n int)");
        Sink sink = sink("{table: 'seen', key: ['id'], mode: 'ignore'}");

        write(sink, "{id: 1, n: 1}");
        write(sink, "{id: 1, n: 2}", "{id: 2, n: 2}", "{id: 2, n: 3}");

        assertThat(sql("SELECT * FROM seen ORDER BY id")).isEqualTo("[{\"id\":1,\"n\":1},{\"id\":2,\"n\":2}]");
    }

    @Test
    void update_changes_rows_that_are_there_and_adds_none() {
        sql("CREATE TABLE marks (id int PRIMARY KEY, at timestamptz, n int)");
        sql("INSERT INTO marks VALUES (1, NULL, 1), (2, NULL, 2)");

        write(
                sink("{table: 'marks', key: ['id'], mode: 'update'}"),
                "{id: 1, at: '2026-01-01T00:00:00Z'}",
                "{id: 2, n: 7}",
                "{id: 3, n: 9}");

        assertThat(sql("SELECT * FROM marks ORDER BY id").replace("\"", ""))
                .isEqualTo("[{id:1,at:2026-01-01T00:00:00Z,n:1},{id:2,at:null,n:7}]");
    }

    @Test
    void delete_removes_by_key_whatever_else_the_document_holds() {
        sql("CREATE TABLE gone (id int, part text, PRIMARY KEY (id, part))");
        sql("INSERT INTO gone VALUES (1, 'a'), (1, 'b'), (2, 'a')");

        write(
                sink("{table: 'gone', key: ['id', 'part'], mode: 'delete'}"),
                "{id: 1, part: 'b', more: true}",
                "{id: 9, part: 'x'}");

        assertThat(sql("SELECT id, part FROM gone ORDER BY 1, 2").replace("\"", ""))
                .isEqualTo("[{id:1,part:a},{id:2,part:a}]");
    }

    @Test
    void columns_name_what_is_written() {
        sql("CREATE TABLE chosen (id int PRIMARY KEY, label text)");

        write(sink("{table: 'chosen', key: ['id'], columns: {id: '${.n}', label: 'no. ${.n}'}}"), "{n: 4, other: 1}");

        assertThat(sql("SELECT * FROM chosen")).isEqualTo("[{\"id\":4,\"label\":\"no. 4\"}]");
    }

    @Test
    void quoted_names_and_schemas_are_written_as_sql_writes_them() {
        sql("CREATE SCHEMA \"My Shop\"");
        sql("CREATE TABLE \"My Shop\".\"Order \"\"s\"\"\" (\"Id No\" int PRIMARY KEY, \"select\" text)");

        write(
                sink("{table: '\"My Shop\".\"Order \"\"s\"\"\"', key: ['Id No']}"),
                "{'Id No': 1, select: 'x'}",
                "{'Id No': 1, select: 'y'}");

        assertThat(sql("SELECT \"select\" AS s FROM \"My Shop\".\"Order \"\"s\"\"\""))
                .isEqualTo("[{\"s\":\"y\"}]");
    }

    /** What goes in as JSON comes out as the same JSON. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    bool | true
                    int2 | -5
                    int8 | 9007199254740993
                    float4 | 1.1
                    float8 | 0.1
                    float8 | "NaN"
                    numeric | "12345678901234567890.0123456789"
                    numeric(8,2) | 12.50
                    text | "ü ' \\" \\\\ {}"
                    varchar(5) | "abcde"
                    char(3) | "abc"
                    name | "x"
                    uuid | "6f1e3c1a-0b7d-4b43-9d0b-27b6a1a0c001"
                    timestamptz | "2026-02-03T02:05:06.789012Z"
                    timestamp(3) | "2026-02-03T02:05:06.789"
                    date | "2026-02-28"
                    date | "infinity"
                    time | "04:05:06"
                    interval | "P1DT2H"
                    bytea | "AP8Q"
                    json | {"b":1,"a":[null,true]}
                    jsonb | [{"a":12345678901234567890}]
                    jsonb | "just text"
                    int[] | [1,null,3]
                    text[] | ["a,b","c\\"d","\\\\","NULL",""]
                    jsonb[] | [{"a":[1]},2]
                    timestamptz[] | ["2026-01-01T00:00:00Z"]
                    inet | "10.0.0.1"
                    int4range | "[1,5)"
                    sink_mood | "ok"
                    sink_positive | 3
                    """)
    void writes_each_type_without_loss(String type, String json) {
        sql("DROP TABLE IF EXISTS typed");
        sql("DROP DOMAIN IF EXISTS sink_positive");
        sql("DROP TYPE IF EXISTS sink_mood");
        sql("CREATE TYPE sink_mood AS ENUM ('ok')");
        sql("CREATE DOMAIN sink_positive AS int CHECK (VALUE > 0)");
        sql("CREATE TABLE typed (id int PRIMARY KEY, v " + type + ")");

        TestBatch batch = write(sink("{table: 'typed', key: ['id']}"), "{id: 1, v: null}", "{id: 2, v: " + json + "}");

        assertThat(batch.rejected()).isEmpty();
        assertThat(run("{query: 'SELECT v FROM typed WHERE id = 2', one: true}", "{}")
                        .path("v"))
                .hasToString(json);
        assertThat(sql("SELECT v FROM typed WHERE id = 1")).isEqualTo("[{\"v\":null}]");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    int | 1.5 | column "v" is integer, got 1.5
                    int | 3000000000 | column "v" is integer, and 3000000000 is out of its range
                    timestamptz | "soon" | column "v" (timestamp with time zone): invalid input syntax
                    numeric(4,2) | 12345 | numeric field overflow
                    varchar(3) | "abcd" | value too long for type character varying(3)
                    bit(3) | "1111" | bit string length 4 does not match type bit(3)
                    bool | {} | column "v" is boolean, got {}
                    text | "a\\u0000b" | column "v" holds the character U+0000
                    jsonb | {"a":"\\u0000"} | unsupported Unicode escape sequence
                    int CHECK (v > 0) | -1 | violates check constraint "misfit_v_check"
                    int NOT NULL | null | null value in column "v"
                    """)
    void a_value_that_does_not_fit_rejects_its_document_alone_with_the_reason(
            String type, String json, String message) {
        sql("DROP TABLE IF EXISTS misfit");
        sql("CREATE TABLE misfit (id int PRIMARY KEY, v " + type + ")");
        Sink sink = sink("{table: 'misfit', columns: {id: '${.id}', v: '${.v}'}}");

        TestBatch batch = write(sink, "{id: 1, v: " + json + "}");

        assertThat(batch.rejected()).containsOnlyKeys(0);
        Failure failure = batch.rejected().get(0);
        assertThat(failure).hasMessageContaining(message);
        assertThat(failure.kind()).isEqualTo(Kind.BAD_DATA);
    }

    @ParameterizedTest
    @CsvSource({"1", "50", "500"})
    void a_refused_batch_is_halved_until_the_bad_rows_stand_alone(int bad) {
        sql("DROP TABLE IF EXISTS amounts");
        sql("CREATE TABLE amounts (id int PRIMARY KEY, n int CONSTRAINT positive CHECK (n >= 0))");
        List<ObjectNode> documents = new ArrayList<>();
        IntStream.range(0, 500)
                .forEach(i -> documents.add(
                        TestJson.object("{id: " + i + ", n: " + (i % (500 / bad) == 500 / bad / 2 ? -1 : 1) + "}")));

        TestBatch batch = write(sink("{table: 'amounts', key: ['id']}"), new TestBatch(documents));

        assertThat(batch.rejected()).hasSize(bad);
        batch.rejected().forEach((index, failure) -> {
            assertThat(documents.get(index).path("n").intValue()).isEqualTo(-1);
            assertThat(failure.code()).isEqualTo("23514");
            assertThat(failure).hasMessageContaining("positive").hasMessageContaining("Failing row");
        });
        assertThat(sql("SELECT count(*) AS n FROM amounts")).isEqualTo("[{\"n\":" + (500 - bad) + "}]");
    }

    @Test
    void a_deferred_constraint_rejects_only_the_rows_at_fault() {
        sql("CREATE TABLE towns (id int PRIMARY KEY)");
        sql("INSERT INTO towns VALUES (1)");
        sql("CREATE TABLE lives (id int PRIMARY KEY, town int REFERENCES towns DEFERRABLE INITIALLY DEFERRED)");

        TestBatch batch = write(
                sink("{table: 'lives', key: ['id']}"), "{id: 1, town: 1}", "{id: 2, town: 9}", "{id: 3, town: 1}");

        assertThat(batch.rejected()).containsOnlyKeys(1);
        assertThat(batch.rejected().get(1)).hasMessageContaining("(town)=(9) is not present");
        assertThat(sql("SELECT id FROM lives ORDER BY id")).isEqualTo("[{\"id\":1},{\"id\":3}]");
    }

    @Test
    void when_the_last_of_a_key_is_bad_the_one_before_stands() {
        sql("CREATE TABLE lasting (id int PRIMARY KEY, n int CHECK (n > 0))");

        TestBatch batch = write(sink("{table: 'lasting', key: ['id']}"), "{id: 1, n: 5}", "{id: 1, n: -5}");

        assertThat(batch.rejected()).containsOnlyKeys(1);
        assertThat(sql("SELECT * FROM lasting")).isEqualTo("[{\"id\":1,\"n\":5}]");
    }

    @Test
    void in_insert_mode_a_key_that_comes_twice_is_refused_the_second_time() {
        sql("CREATE TABLE strict (id int PRIMARY KEY)");

        TestBatch batch = write(sink("{table: 'strict'}"), "{id: 1}", "{id: 2}", "{id: 1}");

        assertThat(batch.rejected()).containsOnlyKeys(2);
        assertThat(batch.rejected().get(2).code()).isEqualTo("23505");
        assertThat(sql("SELECT count(*) AS n FROM strict")).isEqualTo("[{\"n\":2}]");
    }

    @Test
    void an_unknown_field_rejects_its_document_with_the_columns_and_the_ddl_that_would_fit() {
        sql("CREATE TABLE narrow (id int PRIMARY KEY, name text)");

        TestBatch batch = write(
                sink("{table: 'narrow', key: ['id']}"),
                "{id: 1, name: 'x'}",
                "{id: 2, price: 1.5}",
                "{id: 3, seen: '2026-01-01T00:00:00Z'}");

        assertThat(batch.rejected()).containsOnlyKeys(1, 2);
        assertThat(batch.rejected().get(1))
                .hasMessageContaining("no column \"price\"; it has id, name")
                .hasMessageContaining("ALTER TABLE narrow ADD COLUMN price numeric;");
        assertThat(batch.rejected().get(2)).hasMessageContaining("ADD COLUMN seen timestamptz;");
        assertThat(sql("SELECT id FROM narrow")).isEqualTo("[{\"id\":1}]");
    }

    @Test
    void a_document_without_its_key_is_rejected() {
        sql("CREATE TABLE keyed (id int PRIMARY KEY, n int)");

        TestBatch batch = write(sink("{table: 'keyed', key: ['id']}"), "{n: 1}", "{id: null, n: 1}", "{}", "{id: 1}");

        assertThat(batch.rejected()).containsOnlyKeys(0, 1, 2);
        assertThat(batch.rejected().get(0)).hasMessageContaining("column \"id\" is part of the key");
    }

    @Test
    void a_generated_column_is_left_to_the_server() {
        sql(
                "CREATE TABLE doubled (id int GENERATED ALWAYS AS IDENTITY, n int, d int GENERATED ALWAYS AS (n * 2) STORED)");

        TestBatch batch = write(sink("{table: 'doubled'}"), "{n: 2}", "{n: 3, d: 6}");

        assertThat(batch.rejected()).containsOnlyKeys(1);
        assertThat(batch.rejected().get(1)).hasMessageContaining("column \"d\" is generated");
        assertThat(sql("SELECT id, d FROM doubled")).isEqualTo("[{\"id\":1,\"d\":4}]");
    }

    @Test
    void tables_of_the_state_are_neither_offered_nor_met_by_their_bare_names() {
        sql("CREATE SCHEMA millrace");
        sql("CREATE TABLE millrace.shelf (id int)");

        try {
            assertThat(refusedOpening("{table: 'shelf'}")).hasMessageContaining("there is no table shelf");
            assertThat(refusedOpening("{table: 'millrace.shelv'}")).hasMessageNotContaining("millrace.shelf");
            sql("CREATE TABLE shelf (id int)");
            assertThat(sql("SELECT 'shelf'::regclass = 'public.shelf'::regclass AS own"))
                    .isEqualTo("[{\"own\":true}]");
        } finally {
            sql("DROP SCHEMA millrace CASCADE");
        }
    }

    @Test
    void a_missing_table_fails_the_opening_with_near_names_and_the_ddl_that_would_fit() {
        sql("CREATE TABLE customers (id int)");

        assertThat(refusedOpening(
                        "{table: 'custmers', key: ['id'], columns: {id: '${.id}', 'Full Name': '${.n}', n: 1}}"))
                .hasMessageContaining("there is no table custmers; did you mean customers?")
                .hasMessageContaining("CREATE TABLE custmers (")
                .hasMessageContaining("  id text NOT NULL,")
                .hasMessageContaining("  \"Full Name\" text,")
                .hasMessageContaining("  n bigint,")
                .hasMessageContaining("  PRIMARY KEY (id)")
                .extracting(thrown -> ((Failure) thrown).retryable())
                .isEqualTo(false);
    }

    @Test
    void a_key_or_column_that_is_none_fails_the_opening() {
        sql("CREATE TABLE partial (id int PRIMARY KEY)");

        assertThat(refusedOpening("{table: 'partial', key: ['nr']}"))
                .hasMessageContaining("no column \"nr\"; it has id")
                .hasMessageContaining("Correct \"key\"");
        assertThat(refusedOpening("{table: 'partial', columns: {id: 1, price: 2}}"))
                .hasMessageContaining("ALTER TABLE partial ADD COLUMN price");
    }

    @Test
    void a_key_without_a_unique_index_fails_the_opening_with_the_ddl() {
        sql("CREATE TABLE loose (id int, part int, UNIQUE (id, part))");
        sql("CREATE UNIQUE INDEX ON loose (id) WHERE part > 0");

        assertThat(refusedOpening("{table: 'loose', key: ['id']}"))
                .hasMessageContaining("needs a unique index over \"key\" (id)")
                .hasMessageContaining("CREATE UNIQUE INDEX ON loose (id);");
        sink("{table: 'loose', key: ['part', 'id']}");
    }

    @Test
    void a_mode_that_needs_a_key_is_refused_when_checked() {
        assertThat(assembly.problems(new SqlSinkType().spec(), "{table: 't', mode: 'update'}"))
                .singleElement()
                .asString()
                .contains("\"key\": [\"id\"]");
    }

    @Test
    void lost_connections_fail_the_batch_retryably_and_the_next_attempt_succeeds() {
        sql("CREATE TABLE ridden (id int PRIMARY KEY)");
        Sink sink = sink("{table: 'ridden', key: ['id']}");
        sql("CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(30); RETURN NEW; END'");
        sql("CREATE TRIGGER slow BEFORE INSERT ON ridden FOR EACH ROW EXECUTE FUNCTION slow()");
        Future<Void> lost = Await.onLoop(vertx, () -> Future.succeededFuture(sink.write(TestBatch.of("{id: 1}"))));
        org.awaitility.Awaitility.await()
                .until(() ->
                        sql("SELECT pid FROM pg_stat_activity WHERE query LIKE 'INSERT INTO ridden%' AND state = 'active' AND datname = current_database()")
                                .contains("pid"));

        sql(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()");

        Failure failure = (Failure) Await.failure(lost);
        assertThat(failure.kind()).isEqualTo(Kind.UNREACHABLE);
        assertThat(failure.retryable()).isTrue();
        sql("DROP TRIGGER slow ON ridden");
        assertThat(write(sink, "{id: 1}").rejected()).isEmpty();
        assertThat(sql("SELECT id FROM ridden")).isEqualTo("[{\"id\":1}]");
    }

    @ParameterizedTest
    @CsvSource({"40001", "40P01"})
    void serialization_failures_and_deadlocks_are_tried_again(String state) {
        sql("DROP TABLE IF EXISTS contended CASCADE");
        sql("DROP SEQUENCE IF EXISTS tries");
        sql("CREATE TABLE contended (id int PRIMARY KEY)");
        sql("CREATE SEQUENCE tries");
        sql(
                "CREATE OR REPLACE FUNCTION contend() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN IF nextval(''tries'') < 3 THEN"
                        + " RAISE EXCEPTION ''lost'' USING ERRCODE = ''" + state + "''; END IF; RETURN NEW; END'");
        sql("CREATE TRIGGER contend BEFORE INSERT ON contended FOR EACH ROW EXECUTE FUNCTION contend()");

        TestBatch batch = write(sink("{table: 'contended', key: ['id']}"), "{id: 1}");

        assertThat(batch.rejected()).isEmpty();
        assertThat(sql("SELECT id FROM contended")).isEqualTo("[{\"id\":1}]");
        assertThat(sql("SELECT last_value::int AS n FROM tries")).isEqualTo("[{\"n\":3}]");
    }
}
