package io.millrace.connect.sql;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.spi.Failure;
import io.millrace.spi.Step;
import io.millrace.testkit.Await;
import io.millrace.testkit.TestAssembly;
import io.millrace.testkit.TestFrame;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/** A database for the class, a resource for each test. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class SqlTestBase {
    final Vertx vertx = Vertx.vertx();
    final TestDatabase database = new TestDatabase(vertx);
    private final List<Postgres> open = new ArrayList<>();
    TestAssembly assembly = database.assembly();

    @BeforeAll
    void openFirst() {
        assembly = open("");
    }

    @AfterEach
    void closeOthers() {
        while (open.size() > 1) {
            Await.get(open.remove(1).close());
        }
    }

    @AfterAll
    void drop() {
        open.forEach(db -> Await.get(db.close()));
        database.drop();
        Await.get(vertx.close());
    }

    /** An assembly whose postgres resource is open, with these settings. */
    final TestAssembly open(String settings) {
        TestAssembly with = database.assembly();
        Postgres db = build(with, database.settings(settings));
        Await.onLoop(vertx, db::open);
        open.add(db);
        return with.with(PostgresResourceType.KIND, db);
    }

    static Postgres build(TestAssembly assembly, String settings) {
        PostgresResourceType type = new PostgresResourceType();
        return (Postgres) type.build(assembly.settings(type.spec(), settings), assembly);
    }

    /** The rows of a statement, as JSON. */
    final String sql(String statement) {
        return run("{query: " + io.vertx.core.json.Json.encode(statement) + "}", "{}")
                .toString();
    }

    /** What the step gives for a document. */
    final JsonNode run(String settings, String document) {
        Step step = assembly.step(new SqlStepType(), settings);
        return Await.onLoop(vertx, () -> step.run(new TestFrame(vertx, document)));
    }

    final Failure failure(String settings, String document) {
        return failure(assembly, settings, document);
    }

    final Failure failure(TestAssembly with, String settings, String document) {
        Step step = with.step(new SqlStepType(), settings);
        return (Failure) org.assertj.core.api.Assertions.catchThrowable(
                () -> Await.onLoop(vertx, () -> step.run(new TestFrame(vertx, document))));
    }
}
