package io.millrace.connect.sql;

import io.millrace.spi.Assembly;
import io.millrace.spi.Check;
import io.millrace.spi.Field;
import io.millrace.spi.Settings;
import io.millrace.spi.Spec;
import io.millrace.spi.Step;
import io.millrace.spi.StepType;
import io.millrace.spi.Template;
import io.millrace.spi.Types;
import java.util.List;

/** One statement for each item. */
final class SqlStepType implements StepType {
    static final Field<String> QUERY = Field.of(
                    "query", new QueryType(), "One SQL statement, with $1, $2 … for values.")
            .required()
            .example("SELECT name FROM people WHERE id = $1");
    static final Field<List<Template>> PARAMS = Field.of(
                    "params", Types.list(Types.template()), "The values of $1, $2 …, in their order.")
            .example(List.of("${.id}"));
    static final Field<Boolean> ONE = Field.of(
                    "one", Types.bool(), "The value is the only row, or null; several rows are BAD_DATA.")
            .byDefault(false);
    static final Field<String> DB =
            Field.of("db", Types.resource(PostgresResourceType.KIND), "The postgres resource to use.");

    private static final Spec SPEC = Spec.step("sql", "Runs an SQL statement.")
            .hasEffects()
            .main(QUERY)
            .fields(PARAMS, ONE)
            .uses(PostgresResourceType.KIND, DB)
            .rule(SqlStepType::countsAgree)
            .returns(
                    "a list of rows, each an object; [] for none, and for a statement that gives none; with \"one\" a row or null")
            .note(
                    "A statement is a transaction of its own, unless it stands in a `transaction`; statements of several items are pipelined"
                            + " over few connections.")
            .note(
                    "Types: numeric is a number where a double holds it, else a string; timestamps are ISO 8601, those with a zone in"
                            + " UTC; intervals ISO 8601; bytea base64; json as it is; arrays lists; NaN and infinities strings; anything else"
                            + " the server's text. Arrays of several dimensions cannot be read: write to_json(a).")
            .note(
                    "A param is converted to the type that the server finds for it; objects and lists become json, or arrays where the type is"
                            + " one. A value that does not fit is BAD_DATA.")
            .note("When the item is cancelled the statement is cancelled on the server.")
            .example("""
                    {
                      "source": { "values": [3, 4] },
                      "steps": [
                        {
                          "sql": { "query": "SELECT $1::int * 2 AS twice, now() AS at", "params": ["${.value}"], "one": true },
                          "as": "row"
                        },
                        { "map": { "value": "${.value}", "twice": "${.row.twice}" } }
                      ]
                    }
                    """)
            .done();

    @Override
    public Spec spec() {
        return SPEC;
    }

    @Override
    public Step build(Settings settings, Assembly assembly) {
        Postgres db = assembly.resource(settings.find(DB), PostgresResourceType.KIND, Postgres.class);
        return new SqlStep(
                db.lanes(),
                new Query(db.lanes(), settings.get(QUERY)),
                settings.find(PARAMS).orElse(List.of()),
                settings.get(ONE));
    }

    static void countsAgree(Settings settings, Check check) {
        if (settings.find(QUERY).isEmpty()
                || (settings.has(PARAMS) && settings.find(PARAMS).isEmpty())) {
            return;
        }
        counts(
                settings,
                check,
                settings.get(QUERY),
                settings.find(PARAMS).orElse(List.of()).size());
    }

    static void counts(Settings settings, Check check, String query, int given) {
        int wanted = SqlText.of(query).params();
        if (wanted != given) {
            check.error(
                    settings.at(),
                    "The query has " + (wanted == 0 ? "no parameters" : "parameters up to $" + wanted)
                            + ", \"params\" has " + given + ".",
                    wanted > given ? "Give a value for each." : "Remove those that the query does not use.");
        }
    }
}
