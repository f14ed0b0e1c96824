package io.millrace.connect.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.spi.Failure;
import io.millrace.spi.Failure.Kind;
import io.millrace.spi.Sink;
import io.millrace.store.embedded.EmbeddedPostgres;
import io.millrace.testkit.Await;
import io.millrace.testkit.TestAssembly;
import io.millrace.testkit.TestBatch;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server of its own, which is stopped and started. */
class ServerRestartTest {
    @Test
    void writes_fail_retryably_while_the_server_is_down_and_go_on_when_it_is_back(@TempDir Path stateDir) {
        Vertx vertx = Vertx.vertx();
        EmbeddedPostgres server = EmbeddedPostgres.start(stateDir);
        TestAssembly assembly = new TestAssembly(vertx).database(TestDatabase.address(server, "postgres"));
        Postgres db = SqlTestBase.build(assembly, "{init: 'CREATE TABLE rows (id int PRIMARY KEY)'}");
        Await.onLoop(vertx, db::open);
        Sink sink =
                assembly.with(PostgresResourceType.KIND, db).sink(new SqlSinkType(), "{table: 'rows', key: ['id']}");
        Await.onLoop(vertx, sink::open);
        Await.onLoop(vertx, () -> sink.write(batch(0)));

        server.close();
        Failure down = (Failure) Await.failure(sink.write(batch(100)));
        EmbeddedPostgres again = EmbeddedPostgres.start(stateDir);
        assembly.database(TestDatabase.address(again, "postgres"));
        Await.onLoop(vertx, () -> sink.write(batch(100)));

        assertThat(down.kind()).isEqualTo(Kind.UNREACHABLE);
        assertThat(down.retryable()).isTrue();
        long count = Await.get(db.lanes()
                        .shared(connection ->
                                connection.query("SELECT count(*) FROM rows").execute())
                        .future())
                .iterator()
                .next()
                .getLong(0);
        assertThat(count).isEqualTo(200);
        Await.get(db.close());
        again.close();
        Await.get(vertx.close());
    }

    private static TestBatch batch(int from) {
        return TestBatch.of(IntStream.range(from, from + 100)
                .mapToObj(id -> "{id: " + id + "}")
                .toArray(String[]::new));
    }
}
