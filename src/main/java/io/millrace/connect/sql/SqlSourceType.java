package io.millrace.connect.sql;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.spi.Assembly;
import io.millrace.spi.Check;
import io.millrace.spi.Field;
import io.millrace.spi.Settings;
import io.millrace.spi.Source;
import io.millrace.spi.SourceType;
import io.millrace.spi.Spec;
import io.millrace.spi.Types;
import java.util.List;

/** The rows of a query. */
final class SqlSourceType implements SourceType {
    static final Field<String> QUERY = Field.of("query", new QueryType(), "The query whose rows are read.")
            .required()
            .example("SELECT id, name FROM people");
    static final Field<List<JsonNode>> PARAMS =
            Field.of("params", Types.list(Types.json()), "The values of $1, $2 …, in their order.");
    static final Field<String> KEY = Field.of(
            "key",
            Types.string(),
            "A column of the result, unique and not null, by which it is read page after page; then the source can resume.");
    static final Field<String> DB =
            Field.of("db", Types.resource(PostgresResourceType.KIND), "The postgres resource to use.");

    private static final Spec SPEC = Spec.source("sql", "Reads the rows of a query.")
            .main(QUERY)
            .fields(PARAMS, KEY)
            .uses(PostgresResourceType.KIND, DB)
            .rule(SqlSourceType::countsAgree)
            .replayableWith(KEY)
            .returns("the row, an object; its position is its ordinal")
            .note(
                    "Without `key` a cursor in a read-only transaction gives one consistent view; the connection is held to the end of the"
                            + " source. With `key` each page is a query of its own, by `key > last`, in the order of the key; give that"
                            + " column an index.")
            .note("Rows are read only as there is room for them.")
            .note("Types: as for the step.")
            .example("""
                    {
                      "source": { "sql": { "query": "SELECT n, n * n AS square FROM generate_series(1, $1::int) n", "params": [5] } },
                      "sink": "stdout"
                    }
                    """)
            .done();

    @Override
    public Spec spec() {
        return SPEC;
    }

    @Override
    public Source build(Settings settings, Assembly assembly) {
        Postgres db = assembly.resource(settings.find(DB), PostgresResourceType.KIND, Postgres.class);
        String sql = settings.get(QUERY);
        List<JsonNode> params = settings.find(PARAMS).orElse(List.of());
        return settings.find(KEY)
                .<Source>map(key -> new KeysetSource(assembly.vertx(), db.lanes(), sql, params, key))
                .orElseGet(() -> new CursorSource(db, sql, params));
    }

    private static void countsAgree(Settings settings, Check check) {
        boolean known = settings.find(QUERY).isPresent()
                && settings.has(PARAMS) == settings.at().json().has(PARAMS.name());
        if (known) {
            SqlStepType.counts(
                    settings,
                    check,
                    settings.get(QUERY),
                    settings.find(PARAMS).orElse(List.of()).size());
        }
    }
}
