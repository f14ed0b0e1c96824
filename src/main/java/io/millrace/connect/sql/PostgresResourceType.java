package io.millrace.connect.sql;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.spi.Assembly;
import io.millrace.spi.Check;
import io.millrace.spi.Field;
import io.millrace.spi.Resource;
import io.millrace.spi.ResourceType;
import io.millrace.spi.Settings;
import io.millrace.spi.Spec;
import io.millrace.spi.Types;
import io.millrace.spi.Variables;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A PostgreSQL database: the embedded server, or any by its address. */
final class PostgresResourceType implements ResourceType {
    static final String KIND = "postgres";

    /** The variable that names the server for flows that name none. */
    static final String ENVIRONMENT = "DATABASE_URL";

    static final Field<String> URI = Field.of(
                    "uri",
                    new OrNull(Types.string()),
                    "Address of the server; null is the PostgreSQL that comes with Millrace.")
            .defaultDoc("DATABASE_URL of the environment, else null: the embedded server")
            .example("postgresql://user:password@host:5432/database");
    static final Field<Integer> POOL = Field.of("pool", Types.integer(1, 1000), "At most so many connections.")
            .byDefault(8);
    static final Field<List<String>> INIT = Field.of(
                    "init",
                    Types.oneOrMore(Types.string()),
                    "Statements that are run once, one after another, at start.")
            .example(List.of("CREATE TABLE IF NOT EXISTS people (id integer PRIMARY KEY, name text)"));
    static final Field<Duration> CONNECT_TIMEOUT = Field.of(
                    "connectTimeout", Types.duration(), "How long a connection may take, login included.")
            .byDefault("10s");
    static final Field<Duration> STATEMENT_TIMEOUT = Field.of(
            "statementTimeout",
            Types.duration(),
            "The server ends a statement that runs longer; the failure is a TIMEOUT.");

    private static final Spec SPEC = Spec.resource(KIND, "A PostgreSQL database, with a pool of connections.")
            .main(URI)
            .fields(POOL, INIT, CONNECT_TIMEOUT, STATEMENT_TIMEOUT)
            .rule(PostgresResourceType::addressIsOne)
            .returns("{host, port, database}")
            .note(
                    "Without a `uri`, and without DATABASE_URL in the environment, the embedded server is used; it is started when a flow"
                            + " first needs it, its data lies in the state directory. `\"uri\": null` means it in any case.")
            .note(
                    "The address takes `sslmode` (disable, allow, prefer, require), `application_name`, `search_path`, `options`,"
                            + " `connect_timeout` and, for a Unix socket, `host`, as libpq does.")
            .note(
                    "The schema `millrace` is for the state of durable flows. A role of that name finds and makes its tables in `public`, unless"
                            + " the address has a `search_path`.")
            .note("Sessions run in UTC. A source without `key` opens one connection more than `pool`.")
            .note("`init` runs under an advisory lock: several processes may start at once.")
            .example("""
                    {
                      "resources": {
                        "db": { "postgres": { "init": "CREATE TABLE IF NOT EXISTS visits (id bigint PRIMARY KEY)" } }
                      },
                      "source": { "range": 10 },
                      "steps": [{ "map": { "id": "${.value}" } }],
                      "sink": { "sql": { "db": "db", "table": "visits", "key": ["id"] } }
                    }
                    """)
            .done();

    @Override
    public Spec spec() {
        return SPEC;
    }

    @Override
    public Resource build(Settings settings, Assembly assembly) {
        return new Postgres(settings, assembly);
    }

    @Override
    public Optional<String> database(Settings settings, Variables run) {
        return address(settings, run);
    }

    /** Empty: the embedded server. */
    static Optional<String> address(Settings settings, Variables run) {
        return Optional.of(settings.find(URI).orElseGet(() -> fromEnvironment(run)))
                .filter(uri -> !uri.isEmpty());
    }

    /** The address that the environment names for flows that name none; empty if it does not. */
    private static String fromEnvironment(Variables run) {
        JsonNode environment = run.variable("env");
        return environment == null ? "" : environment.path(ENVIRONMENT).asText("");
    }

    private static void addressIsOne(Settings settings, Check check) {
        settings.find(URI).filter(uri -> !uri.isEmpty()).ifPresent(uri -> {
            try {
                PostgresUri.parse(uri);
            } catch (IllegalArgumentException e) {
                check.error(
                        settings.at().json().isObject() ? settings.at().child(URI.name()) : settings.at(),
                        String.valueOf(e.getMessage()),
                        "Write postgresql://user:password@host:port/database?sslmode=require, or null for the embedded server.");
            }
        });
    }
}
