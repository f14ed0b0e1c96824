package io.millrace.connect.sql;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.spi.Replayable;
import io.millrace.testkit.ReplayableContract;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResumedSqlSourceTest extends SqlTestBase {
    private static final SqlSourceType SQL = new SqlSourceType();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "n::bigint * 3000000000",
                "n::numeric / 4",
                "n::numeric * 12345678901234567890123.25",
                "n::float8 / 3",
                "n::real / 3",
                "to_char(n, '000')",
                "timestamptz '2026-01-01' + n * interval '1.000001 s'",
                "date '2026-01-01' + n",
                "md5(n::text)::uuid",
                "decode(md5(n::text), 'hex')"
            })
    void goes_on_behind_any_row_whatever_the_type_of_its_key(String key) {
        String query = "SELECT n, " + key + " AS \\\"The Key\\\" FROM generate_series(1, $1::int) n -- all";

        ReplayableContract.check(assembly, SQL, "{query: \"" + query + "\", params: [120], key: 'The Key'}");
    }

    @Test
    void rows_that_are_gone_are_left_out_and_those_outside_stay_outside() {
        sql("CREATE TABLE shrinking AS SELECT n FROM generate_series(1, 20) n");
        String settings = "{query: 'SELECT n FROM shrinking', key: 'n'}";
        List<JsonNode> tokens = ReplayableContract.tokens(assembly, SQL, settings);
        sql("DELETE FROM shrinking WHERE n IN (5, 7, 8, 10)");

        assertThat(ReplayableContract.piece(assembly, SQL, settings, tokens.get(4), tokens.get(9)))
                .containsExactly("{\"n\":6}", "{\"n\":9}");
        assertThat(ReplayableContract.piece(assembly, SQL, settings, tokens.get(6), tokens.get(7)))
                .isEmpty();
        assertThat(ReplayableContract.rest(assembly, SQL, settings, tokens.get(9)))
                .startsWith("{\"n\":11}")
                .hasSize(10);
    }

    @Test
    void another_query_key_or_parameter_is_a_change() {
        String before = "{query: 'SELECT n FROM generate_series(1, $1::int) n', params: [9], key: 'n'}";
        ObjectNode then = ReplayableContract.fingerprint(assembly, SQL, before);

        assertThat(changed("{query: 'SELECT n FROM generate_series(1, $1::int) n', params: [8], key: 'n'}", then))
                .contains("\"params\" of the sql source")
                .contains("--fresh");
        assertThat(changed("{query: 'SELECT n FROM generate_series(0, $1::int) n', params: [9], key: 'n'}", then))
                .contains("\"query\" of the sql source");
    }

    @Test
    void says_where_it_goes_on() {
        Replayable source = (Replayable) assembly.source(SQL, "{query: 'SELECT 1 AS id', key: 'id'}");
        JsonNode token = ReplayableContract.tokens(assembly, SQL, "{query: 'SELECT 1 AS id', key: 'id'}")
                .get(0);

        assertThat(source.place(token)).isEqualTo("id 1");
    }

    @Test
    void without_key_it_cannot_go_on() {
        String settings = "'SELECT 1 AS id'";

        assertThat(SQL.spec().replayable(assembly.settings(SQL.spec(), settings)))
                .isFalse();
        assertThat(assembly.source(SQL, settings)).isNotInstanceOf(Replayable.class);
    }

    private String changed(String settings, ObjectNode then) {
        return ReplayableContract.changed(assembly, SQL, settings, then, null).orElse("");
    }
}
