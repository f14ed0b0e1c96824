package io.millrace.connect.sql;

import io.millrace.spi.Assembly;
import io.millrace.spi.Check;
import io.millrace.spi.Field;
import io.millrace.spi.Settings;
import io.millrace.spi.Sink;
import io.millrace.spi.SinkType;
import io.millrace.spi.Spec;
import io.millrace.spi.Template;
import io.millrace.spi.Types;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Rows of a table. */
final class SqlSinkType implements SinkType {
    static final Field<String> TABLE = Field.of(
                    "table", Types.string(), "The table, with its schema if need be; names as SQL writes them.")
            .required()
            .example("shop.orders");
    static final Field<List<String>> KEY = Field.of(
                    "key", Types.list(Types.string()), "The columns that tell rows apart; a unique index covers them.")
            .example(List.of("id"));
    static final Field<Mode> MODE = Field.of(
                    "mode",
                    Types.enumOf("mode", Mode.class),
                    "insert: add; upsert: add, or change the row with this key; ignore: add unless there is one; update: change; delete: remove.")
            .defaultDoc("upsert with `key`, else insert");
    static final Field<Map<String, Template>> COLUMNS = Field.of(
                    "columns", Types.map(Types.template()), "What each column gets.")
            .defaultDoc("each field of the document is a column")
            .example(Map.of("id", "${.id}"));
    static final Field<String> DB =
            Field.of("db", Types.resource(PostgresResourceType.KIND), "The postgres resource to use.");

    private static final Spec SPEC = Spec.sink("sql", "Writes rows into a table, a batch in one statement.")
            .fields(TABLE, KEY, MODE, COLUMNS)
            .uses(PostgresResourceType.KIND, DB)
            .target(TABLE, DB)
            .transactional()
            .batching(500, Duration.ofMillis(100))
            .rule(SqlSinkType::modeHasKey)
            .rule(SqlSinkType::keyIsWritten)
            .note(
                    "Values are converted to the columns' types; objects and lists become json. A column that a document lacks gets its DEFAULT;"
                            + " null is NULL. A field that is no column is BAD_DATA.")
            .note("A key that comes twice in a batch: the last wins.")
            .note(
                    "A batch that the server refuses is halved until the bad rows stand alone: those become dead letters, the others are"
                            + " written.")
            .note(
                    "While the server cannot be reached the batch waits; serialization failures and deadlocks are tried again.")
            .note(
                    "mode update changes nothing where no row has the key; mode delete reads the key's fields and no others.")
            .example("""
                    {
                      "resources": {
                        "db": { "postgres": { "init": "CREATE TABLE IF NOT EXISTS squares (n bigint PRIMARY KEY, square bigint, at timestamptz DEFAULT now())" } }
                      },
                      "source": { "range": 100 },
                      "sink": {
                        "sql": { "table": "squares", "key": ["n"], "columns": { "n": "${.value}", "square": "${.value * .value}" } }
                      }
                    }
                    """)
            .done();

    /** What is done with a row. */
    enum Mode {
        INSERT,
        UPSERT,
        IGNORE,
        UPDATE,
        DELETE;

        /** Whether each row must have its key, and rows of one key become one. */
        boolean byKey() {
            return this == UPSERT || this == UPDATE || this == DELETE;
        }
    }

    @Override
    public Spec spec() {
        return SPEC;
    }

    @Override
    public Sink build(Settings settings, Assembly assembly) {
        Postgres db = assembly.resource(settings.find(DB), PostgresResourceType.KIND, Postgres.class);
        return new SqlSink(assembly.vertx(), db.lanes(), target(settings));
    }

    static Target target(Settings settings) {
        List<String> key = settings.find(KEY).orElse(List.of());
        return new Target(
                settings.get(TABLE),
                key,
                settings.find(MODE).orElse(key.isEmpty() ? Mode.INSERT : Mode.UPSERT),
                settings.find(COLUMNS).orElse(Map.of()));
    }

    private static void modeHasKey(Settings settings, Check check) {
        boolean needed = settings.find(MODE).map(Mode::byKey).orElse(false);
        if (needed
                && settings.find(KEY).orElse(List.of()).isEmpty()
                && !settings.at().json().path("key").isTextual()) {
            check.error(
                    settings.at().child(MODE.name()),
                    "This mode finds rows by their key, and there is none.",
                    "Add \"key\": [\"id\"], with the columns that tell rows apart.");
        }
    }

    private static void keyIsWritten(Settings settings, Check check) {
        Map<String, Template> columns = settings.find(COLUMNS).orElse(Map.of());
        if (!columns.isEmpty()) {
            settings.find(KEY).orElse(List.of()).stream()
                    .filter(key -> !columns.containsKey(key))
                    .forEach(key -> check.error(
                            settings.at().child(COLUMNS.name()),
                            "The key column \"" + key + "\" gets no value.",
                            "Add it to \"columns\"."));
        }
    }
}
