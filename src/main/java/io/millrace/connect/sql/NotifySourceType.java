package io.millrace.connect.sql;

import io.millrace.spi.Assembly;
import io.millrace.spi.Field;
import io.millrace.spi.Settings;
import io.millrace.spi.Source;
import io.millrace.spi.SourceType;
import io.millrace.spi.Spec;
import io.millrace.spi.Types;
import java.nio.charset.StandardCharsets;

/** The notifications of a channel. */
final class NotifySourceType implements SourceType {
    /** NAMEDATALEN - 1: PostgreSQL cuts a longer name, and {@code pg_notify} refuses it. */
    private static final int LONGEST_NAME = 63;

    static final Field<String> CHANNEL = Field.of("channel", Types.string(), "The channel, written as NOTIFY names it.")
            .required()
            .example("orders");
    static final Field<Integer> BACKLOG = Field.of(
                    "backlog",
                    Types.integer(1, 10_000_000),
                    "How many notifications may wait while the stage is full; one more fails the run.")
            .byDefault(10_000);
    static final Field<String> DB =
            Field.of("db", Types.resource(PostgresResourceType.KIND), "The postgres resource to use.");

    private static final Spec SPEC = Spec.source("postgres-notify", "Listens on a channel of PostgreSQL.")
            .main(CHANNEL)
            .fields(BACKLOG)
            .uses(PostgresResourceType.KIND, DB)
            .rule((settings, check) -> settings.find(CHANNEL).ifPresent(channel -> {
                int bytes = channel.getBytes(StandardCharsets.UTF_8).length;
                if (bytes == 0 || bytes > LONGEST_NAME) {
                    check.error(
                            settings.at(),
                            "The channel's name has " + bytes + " bytes.",
                            "PostgreSQL takes names of 1 to " + LONGEST_NAME + ".");
                }
            }))
            .returns("the payload, a text; its position is its ordinal, from 1")
            .note("A payload of JSON is read by the step `json`. NOTIFY without one gives an empty text.")
            .note("It never ends by itself, and holds one connection more than `pool`.")
            .note(
                    "PostgreSQL keeps nothing for who does not listen: what is sent while the connection is lost, or before the flow starts, is"
                            + " lost. The log says when that is so. Where each must count, write rows, and let a notification say that there are some.")
            .note(
                    "Nothing holds a sender back. When `backlog` notifications wait, the run takes those, and then fails.")
            .note(
                    "A name in SQL is lower-case unless it is quoted: NOTIFY Orders is heard on \"orders\". Poolers that share connections between"
                            + " transactions do not pass notifications on.")
            .example("""
                    {
                      "resources": { "db": { "postgres": {} } },
                      "limits": { "items": 2 },
                      "stages": {
                        "orders": {
                          "source": { "postgres-notify": { "channel": "orders", "db": "db" } },
                          "steps": [{ "json": "${.value}" }, { "map": { "order": "${.json.id}" } }],
                          "sink": "stdout"
                        },
                        "shop": {
                          "source": { "values": [{ "id": 7 }] },
                          "steps": [{ "sql": { "query": "SELECT pg_notify('orders', $1)", "params": ["${tojson}"] } }],
                          "sink": "discard"
                        }
                      }
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
        return new NotifySource(assembly, db, settings.get(CHANNEL), settings.get(BACKLOG));
    }
}
