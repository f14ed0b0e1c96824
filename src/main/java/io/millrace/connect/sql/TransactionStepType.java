package io.millrace.connect.sql;

import io.millrace.spi.Assembly;
import io.millrace.spi.Block;
import io.millrace.spi.Field;
import io.millrace.spi.Settings;
import io.millrace.spi.Spec;
import io.millrace.spi.Step;
import io.millrace.spi.StepType;
import io.millrace.spi.Types;
import java.util.Locale;

/** Statements that are done together, or not at all. */
final class TransactionStepType implements StepType {
    private static final Field<Block> DO = Field.of(
                    "do", Types.steps(Block.Filter.REFUSED), "The steps; their `sql` runs in the transaction.")
            .required();
    private static final Field<String> DB =
            Field.of("db", Types.resource(PostgresResourceType.KIND), "The postgres resource to use.");
    private static final Field<String> ISOLATION = Field.of(
                    "isolation",
                    Types.oneOf("isolation level", "read-committed", "repeatable-read", "serializable"),
                    "What it sees of others that run at the same time.")
            .defaultDoc("the server's, which is read-committed unless it was set");

    private static final Spec SPEC = Spec.step(
                    "transaction", "Makes one transaction of the SQL statements of its steps.")
            .hasEffects()
            .main(DO)
            .fields(ISOLATION)
            .holdsOthersUp()
            .uses(PostgresResourceType.KIND, DB)
            .result(Spec.Result.BLOCK)
            .returns("the value of the last step")
            .note(
                    "It is committed when its steps have succeeded, and rolled back when one fails or the item is cancelled. Steps of any"
                            + " kind may stand in it; it holds a connection of the pool meanwhile.")
            .note("Statements of other resources, and sinks, are not a part of it.")
            .note(
                    "A conflict with another transaction (40001, 40P01) is a retryable failure: add `retry`, and all of it is run again.")
            .note(
                    "A statement that fails breaks the transaction, even if the failure is caught. In a `transaction` of its own within"
                            + " this one (a savepoint), it does not.")
            .example("""
                    {
                      "resources": {
                        "db": { "postgres": { "init": [
                          "CREATE TABLE IF NOT EXISTS example_accounts (name text PRIMARY KEY, balance int NOT NULL CHECK (balance >= 0))",
                          "INSERT INTO example_accounts VALUES ('ada', 100), ('bob', 100) ON CONFLICT DO NOTHING"
                        ] } }
                      },
                      "source": { "values": [{ "from": "ada", "to": "bob" }, { "from": "bob", "to": "ada" }] },
                      "steps": [
                        {
                          "transaction": [
                            { "sql": { "query": "UPDATE example_accounts SET balance = balance - 10 WHERE name = $1", "params": ["${.from}"] }, "as": null },
                            { "sql": { "query": "UPDATE example_accounts SET balance = balance + 10 WHERE name = $1", "params": ["${.to}"] }, "as": null }
                          ],
                          "retry": { "attempts": 5, "backoff": "10ms" }
                        }
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
        String isolation = settings.find(ISOLATION)
                .map(level -> " ISOLATION LEVEL " + level.replace('-', ' ').toUpperCase(Locale.ROOT))
                .orElse("");
        return new TransactionStep(db.lanes(), isolation, assembly.compile(settings.get(DO)));
    }
}
