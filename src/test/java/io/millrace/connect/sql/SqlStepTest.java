package io.millrace.connect.sql;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.millrace.spi.Failure;
import io.millrace.spi.Failure.Kind;
import io.millrace.spi.Step;
import io.millrace.testkit.Await;
import io.millrace.testkit.TestAssembly;
import io.millrace.testkit.TestFrame;
import io.millrace.testkit.TestScope;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SqlStepTest extends SqlTestBase {
    @Test
    void returns_rows_as_objects_and_an_empty_list_for_none() {
        assertThat(sql("SELECT n, n * 2 AS twice FROM generate_series(1, 2) n"))
                .isEqualTo("[{\"n\":1,\"twice\":2},{\"n\":2,\"twice\":4}]");
        assertThat(sql("SELECT 1 WHERE false")).isEqualTo("[]");
    }

    @Test
    void returns_an_empty_list_for_a_statement_without_rows() {
        assertThat(sql("CREATE TABLE made (id int)")).isEqualTo("[]");
        assertThat(sql("INSERT INTO made VALUES (1), (2)")).isEqualTo("[]");
        assertThat(sql("UPDATE made SET id = 3 WHERE id = 1 RETURNING id")).isEqualTo("[{\"id\":3}]");
    }

    @Test
    void one_returns_the_row_or_null_and_refuses_several() {
        assertThat(run("{query: 'SELECT 7 AS n', one: true}", "{}")).hasToString("{\"n\":7}");
        assertThat(run("{query: 'SELECT 7 AS n WHERE false', one: true}", "{}")).hasToString("null");
        assertThat(failure("{query: 'SELECT generate_series(1, 3)', one: true}", "{}"))
                .hasMessageContaining("3 rows")
                .hasMessageContaining("LIMIT 1")
                .extracting(Failure::kind)
                .isEqualTo(Kind.BAD_DATA);
    }

    /** Every type there and back. The first text is a literal of the server's, the second the JSON that is read. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    true::bool | true
                    NULL::int | null
                    32767::int2 | 32767
                    2147483647::int4 | 2147483647
                    9007199254740993::int8 | 9007199254740993
                    '-9223372036854775808'::int8 | -9223372036854775808
                    1.1::float4 | 1.1
                    0.1::float8 | 0.1
                    'NaN'::float8 | "NaN"
                    '-Infinity'::float8 | "-Infinity"
                    'NaN'::numeric | "NaN"
                    12.50::numeric | 12.50
                    3::numeric | 3
                    0.1::numeric | 0.1
                    0.12345678901234567890123::numeric | "0.12345678901234567890123"
                    12345678901234567890::numeric | "12345678901234567890"
                    9007199254740993::numeric | "9007199254740993"
                    'häß''"\\'::text | "häß'\\"\\\\"
                    'ab'::char(4) | "ab  "
                    '2026-02-03T04:05:06.789012+02'::timestamptz | "2026-02-03T02:05:06.789012Z"
                    '2026-02-03T04:05:00Z'::timestamptz | "2026-02-03T04:05:00Z"
                    '2026-02-03T04:05:06.7'::timestamp | "2026-02-03T04:05:06.7"
                    'infinity'::timestamptz | "infinity"
                    '-infinity'::timestamptz | "-infinity"
                    '-infinity'::timestamp | "-infinity"
                    'infinity'::date | "infinity"
                    '2026-02-28'::date | "2026-02-28"
                    '04:05:06.5'::time | "04:05:06.5"
                    '04:05:00+02'::timetz | "04:05:00+02:00"
                    '1 year 2 mons 3 days 04:05:06.5'::interval | "P1Y2M3DT4H5M6.5S"
                    '-90 seconds'::interval | "PT-1M-30S"
                    '\\x00ff10'::bytea | "AP8Q"
                    '6f1e3c1a-0b7d-4b43-9d0b-27b6a1a0c001'::uuid | "6f1e3c1a-0b7d-4b43-9d0b-27b6a1a0c001"
                    '{"a": [1, 2.50, 12345678901234567890, 0.1234567890123456789], "b": null}'::jsonb | {"a":[1,2.50,12345678901234567890,0.1234567890123456789],"b":null}
                    '"text"'::jsonb | "text"
                    'null'::jsonb | null
                    '[1, {"x": true}]'::json | [1,{"x":true}]
                    ARRAY[1, 2, NULL]::int[] | [1,2,null]
                    ARRAY['a,b', 'c"d', '{}']::text[] | ["a,b","c\\"d","{}"]
                    ARRAY[1.5, 2]::numeric[] | [1.5,2]
                    ARRAY['{"a": 1}']::jsonb[] | [{"a":1}]
                    ARRAY['2026-01-01T00:00:00Z']::timestamptz[] | ["2026-01-01T00:00:00Z"]
                    '{}'::int[] | []
                    '192.168.1.0/24'::inet | "192.168.1.0/24"
                    '10.0.0.1'::inet | "10.0.0.1"
                    '[1,5)'::int4range | "[1,5)"
                    'a b'::tsvector | "'a' 'b'"
                    """)
    void reads_and_writes_each_type_without_loss(String literal, String json) {
        JsonNode read = run("{query: \"SELECT " + escaped(literal) + " AS v\", one: true}", "{}")
                .path("v");
        assertThat(read).hasToString(json);

        String type = literal.substring(literal.lastIndexOf("::") + 2);
        String compared = type.equals("json") ? "::jsonb" : "";
        Step same = assembly.step(
                new SqlStepType(),
                "{query: \"SELECT (" + escaped(literal) + ")" + compared + " IS NOT DISTINCT FROM ($1::" + type + ")"
                        + compared + " AS same\", params: ['${.v}'], one: true}");
        JsonNode document = JsonNodeFactory.instance.objectNode().set("v", read);
        JsonNode answer = Await.onLoop(vertx, () -> same.run(new TestFrame(vertx, document)));
        assertThat(answer.path("same").booleanValue() || literal.startsWith("'null'"))
                .isTrue();
    }

    private static String escaped(String sql) {
        return sql.replace("\\", "\\\\").replace("\"", "\\\"");
    }

    @Test
    void writes_enums_arrays_and_nested_arrays_as_the_statement_types_them() {
        sql("CREATE TYPE mood AS ENUM ('sad', 'it''s ok')");

        assertThat(run("{query: 'SELECT $1::mood AS m, $2::mood[] AS ms', params: ['${.m}', '${.ms}']}", """
                {"m": "sad", "ms": ["it's ok", "sad"]}"""))
                .hasToString("[{\"m\":\"sad\",\"ms\":[\"it's ok\",\"sad\"]}]");
        assertThat(run("{query: 'SELECT to_json($1::int[]) AS a', params: ['${.a}']}", "{a: [[1, 2], [3, null]]}"))
                .hasToString("[{\"a\":[[1,2],[3,null]]}]");
    }

    @Test
    void converts_params_to_the_types_that_the_server_finds() {
        assertThat(run(
                        "{query: 'SELECT $1::int + 1 AS i, $2::text AS t, $3::numeric AS n, $4::jsonb AS j, $5::bool AS b', "
                                + "params: ['${.i}', '${.t}', '${.n}', '${.j}', '${.b}']}",
                        "{i: '41', t: 12.5, n: '0.10', j: {a: [1]}, b: 'yes'}"))
                .hasToString("[{\"i\":42,\"t\":\"12.5\",\"n\":0.10,\"j\":{\"a\":[1]},\"b\":true}]");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    timestamptz | "soon" | $1 is timestamp with time zone, got "soon"
                    int | "x" | $1 is integer, got "x"
                    int | 1.5 | $1 is integer, got 1.5
                    int2 | 40000 | $1 is smallint, and 40000 is out of its range
                    bool | "maybe" | $1 is boolean, got "maybe"
                    uuid | "12" | $1 is uuid, got "12"
                    bytea | "?" | $1 is bytea, which takes base64, got "?"
                    int[] | 3 | $1 is integer[], got 3
                    date | {"a":1} | $1 is date, got {"a":1}
                    text | "a\\u0000b" | $1 holds the character U+0000
                    """)
    void a_value_that_does_not_fit_is_bad_data_and_names_the_param(String type, String value, String message) {
        Failure failure = failure("{query: 'SELECT $1::" + type + "', params: ['${.v}']}", "{\"v\": " + value + "}");

        assertThat(failure).hasMessageContaining(message);
        assertThat(failure.kind()).isEqualTo(Kind.BAD_DATA);
        assertThat(failure.retryable()).isFalse();
    }

    @Test
    void a_constraint_violation_is_bad_data_with_its_sqlstate() {
        sql("CREATE TABLE once (id int PRIMARY KEY)");
        sql("INSERT INTO once VALUES (1)");

        Failure failure = failure("{query: 'INSERT INTO once VALUES (1)'}", "{}");

        assertThat(failure.kind()).isEqualTo(Kind.BAD_DATA);
        assertThat(failure.code()).isEqualTo("23505");
        assertThat(failure).hasMessageContaining("once_pkey").hasMessageContaining("(id)=(1)");
    }

    @Test
    void a_mistake_in_the_statement_is_told_with_its_line_and_column() {
        Failure failure = failure("{query: 'SELECT 1\\nFROM pags'}", "{}");

        assertThat(failure.kind()).isEqualTo(Kind.REJECTED);
        assertThat(failure).hasMessageContaining("relation \"pags\" does not exist (line 2, column 6)");
    }

    @Test
    void a_type_that_cannot_be_read_is_an_error_and_not_a_silent_null() {
        assertThat(failure("{query: \"SELECT '<a/>'::xml AS doc\"}", "{}"))
                .hasMessageContaining("\"doc\"")
                .hasMessageContaining("doc::text");
    }

    @Test
    void a_query_with_a_template_is_refused_when_checked() {
        assertThat(assembly.problems(new SqlStepType().spec(), "'SELECT * FROM t WHERE id = ${.id}'"))
                .singleElement()
                .asString()
                .contains("cannot hold ${")
                .contains("params");
    }

    @Test
    void a_wrong_number_of_params_is_refused_when_checked() {
        assertThat(assembly.problems(new SqlStepType().spec(), "{query: 'SELECT $1, $2', params: [1]}"))
                .singleElement()
                .asString()
                .contains("up to $2")
                .contains("has 1");
    }

    @Test
    void cancelling_the_item_ends_the_query_on_the_server() {
        Step step = assembly.step(new SqlStepType(), "{query: 'SELECT pg_sleep(60), $1::int', params: [4711]}");
        TestFrame frame = new TestFrame(vertx, "{}");
        Future<JsonNode> running = Await.onLoop(vertx, () -> Future.succeededFuture(step.run(frame)));
        Awaitility.await().until(() -> sleeping() == 1);

        Await.onLoop(vertx, () -> frame.scope().cancel(Failure.of(Kind.CANCELLED, "enough")));

        assertThat(running.isComplete()).isTrue();
        assertThat(((Failure) running.cause()).kind()).isEqualTo(Kind.CANCELLED);
        assertThat(sleeping()).isZero();
        assertThat(((TestScope) frame.scope()).registrations()).isZero();
    }

    @Test
    void cancelling_one_of_many_pipelined_queries_leaves_the_others_alone() {
        TestAssembly narrow = open("pool: 1");
        Step step = narrow.step(
                new SqlStepType(), "{query: 'SELECT pg_sleep($1), $2::int AS n', params: ['${.s}', '${.n}']}");
        Await.onLoop(vertx, () -> step.run(new TestFrame(vertx, "{s: 0, n: 0}")));
        TestFrame slow = new TestFrame(vertx, "{s: 60, n: 1}");
        List<Future<JsonNode>> others = new ArrayList<>();
        Future<JsonNode> cancelled = Await.onLoop(vertx, () -> {
            Future<JsonNode> run = step.run(slow);
            IntStream.range(2, 30).forEach(n -> others.add(step.run(new TestFrame(vertx, "{s: 0, n: " + n + "}"))));
            return Future.succeededFuture(run);
        });
        Awaitility.await().until(() -> sleeping() == 1);

        Await.onLoop(vertx, () -> slow.scope().cancel(Failure.of(Kind.CANCELLED, "enough")));

        assertThat(cancelled.failed()).isTrue();
        others.forEach(other ->
                assertThat(Await.get(other).get(0).path("n").intValue()).isGreaterThan(1));
    }

    private long sleeping() {
        return run(
                        "{query: \"SELECT count(*) AS n FROM pg_stat_activity WHERE state = 'active' AND query LIKE 'SELECT pg_sleep%'"
                                + " AND datname = current_database()\", one: true}",
                        "{}")
                .path("n")
                .longValue();
    }

    @Test
    void a_statement_that_runs_too_long_is_ended_by_the_server() {
        TestAssembly impatient = open("statementTimeout: '50ms'");

        Failure failure = failure(impatient, "{query: 'SELECT pg_sleep(30)'}", "{}");

        assertThat(failure.kind()).isEqualTo(Kind.TIMEOUT);
        assertThat(failure.retryable()).isTrue();
    }

    @Test
    void the_result_comes_back_on_the_event_loop_that_asked() {
        Step step = assembly.step(new SqlStepType(), "'SELECT 1'");

        List<Future<Boolean>> same = IntStream.range(0, 8)
                .mapToObj(i -> Await.onLoop(vertx, () -> {
                    var here = io.vertx.core.Vertx.currentContext();
                    return Future.succeededFuture(step.run(new TestFrame(vertx, "{}"))
                            .map(rows -> io.vertx.core.Vertx.currentContext() == here));
                }))
                .toList();

        same.forEach(future -> assertThat(Await.get(future)).isTrue());
    }

    @Test
    void a_table_that_changes_between_two_runs_is_no_failure() {
        sql("CREATE TABLE changing (id int)");
        sql("INSERT INTO changing VALUES (1)");
        String all = sql("SELECT * FROM changing");

        sql("ALTER TABLE changing ADD COLUMN more text DEFAULT 'x'");

        assertThat(all).isEqualTo("[{\"id\":1}]");
        assertThat(sql("SELECT * FROM changing")).isEqualTo("[{\"id\":1,\"more\":\"x\"}]");
    }

    @Test
    void a_lost_connection_is_unreachable_and_the_next_query_has_a_new_one() {
        Failure failure = failure("{query: 'SELECT pg_terminate_backend(pg_backend_pid())'}", "{}");

        assertThat(failure.kind()).isEqualTo(Kind.UNREACHABLE);
        assertThat(failure.retryable()).isTrue();
        Awaitility.await()
                .atMost(Duration.ofSeconds(2))
                .untilAsserted(() -> assertThat(sql("SELECT 1 AS n")).isEqualTo("[{\"n\":1}]"));
    }
}
