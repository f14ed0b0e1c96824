package io.millrace.bench;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.connect.sql.SqlConnector;
import io.millrace.spi.Component;
import io.millrace.spi.DatabaseAddress;
import io.millrace.spi.Resource;
import io.millrace.spi.ResourceType;
import io.millrace.spi.Sink;
import io.millrace.spi.SinkType;
import io.millrace.spi.Step;
import io.millrace.spi.StepType;
import io.millrace.store.embedded.EmbeddedPostgres;
import io.millrace.testkit.Await;
import io.millrace.testkit.TestAssembly;
import io.millrace.testkit.TestBatch;
import io.millrace.testkit.TestFrame;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * What do the {@code sql} sink and step cost over pg-client alone? Both write the same JSON documents in batches of 500 with one batch in
 * flight, and ask the same primary-key lookups with 256 in flight, in turns, on the embedded server.
 *
 * <pre>
 * mvn -q test-compile &amp;&amp; mvn -q exec:java -Dexec.classpathScope=test -Dexec.mainClass=io.millrace.bench.SqlSinkBenchmark
 * 2 shared cores at a load of 12, four rounds:  insert bare 69-112 k rows/s, sink 64-108 k, ratio 0.74-1.24, median 0.92
 *                                               lookup bare 17-54 k/s,       step 15-53 k,  ratio 0.57-1.02, median 0.93
 * </pre>
 */
public final class SqlSinkBenchmark {
    private static final int BATCH = 500;
    private static final int BATCHES = 400;
    private static final int LOOKUPS = 60_000;
    private static final int IN_FLIGHT = 256;
    private static final String COLUMNS =
            "(id bigint PRIMARY KEY, name text, amount float8, active boolean, note text)";
    private static final String BARE = "INSERT INTO bare (id, name, amount, active, note) SELECT * FROM"
            + " unnest($1::int8[], $2::text[], $3::float8[], $4::bool[], $5::text[])";

    private final Vertx vertx = Vertx.vertx();
    private final TestAssembly assembly = new TestAssembly(vertx);
    private final PgConnectOptions options;

    private SqlSinkBenchmark(EmbeddedPostgres server) {
        EmbeddedPostgres.Address at = server.address();
        assembly.database(
                new DatabaseAddress(at.socketDir().toString(), at.port(), at.user(), at.password(), "postgres"));
        options = new PgConnectOptions()
                .setHost(at.socketDir().toString())
                .setPort(at.port())
                .setUser(at.user())
                .setPassword(at.password())
                .setDatabase("postgres")
                .setCachePreparedStatements(true);
    }

    public static void main(String[] args) {
        try (EmbeddedPostgres server =
                EmbeddedPostgres.start(Path.of("target", "bench-postgres").toAbsolutePath())) {
            SqlSinkBenchmark benchmark = new SqlSinkBenchmark(server);
            benchmark.run();
            Await.get(benchmark.vertx.close());
        }
    }

    private void run() {
        ResourceType type = component(ResourceType.class);
        Resource db = type.build(assembly.settings(type.spec(), "{}"), assembly);
        Await.onLoop(vertx, db::open);
        assembly.with("postgres", db);
        List<List<ObjectNode>> batches = batches();
        PgConnection bare = Await.get(PgConnection.connect(vertx, options));
        SqlClient client = PgBuilder.client()
                .with(new PoolOptions().setMaxSize(8))
                .connectingTo(options)
                .using(vertx)
                .build();
        for (int round = 1; round <= 4; round++) {
            double plain = rate(BATCH * BATCHES, () -> plainInserts(bare, batches));
            double ours = rate(BATCH * BATCHES, () -> sinkInserts(bare, batches));
            double plainRead = rate(
                    LOOKUPS,
                    () -> lookups(i -> client.preparedQuery("SELECT name FROM bare WHERE id = $1")
                            .execute(Tuple.of((long) i))
                            .mapEmpty()));
            double ourRead = rate(LOOKUPS, this::stepLookups);
            System.out.printf(
                    "round %d: insert bare %,.0f rows/s, sink %,.0f (%.2f); lookup bare %,.0f/s, step %,.0f (%.2f)%n",
                    round, plain, ours, ours / plain, plainRead, ourRead, ourRead / plainRead);
        }
        Await.get(db.close());
    }

    private Future<Void> plainInserts(PgConnection connection, List<List<ObjectNode>> batches) {
        return fresh(connection, "bare")
                .compose(made -> inTurn(
                        batches,
                        batch -> connection
                                .preparedQuery(BARE)
                                .execute(arrays(batch))
                                .mapEmpty()));
    }

    private Future<Void> sinkInserts(PgConnection connection, List<List<ObjectNode>> batches) {
        SinkType type = component(SinkType.class);
        return fresh(connection, "ours").compose(made -> {
            Sink sink = assembly.sink(type, "{table: 'ours'}");
            return sink.open().compose(opened -> inTurn(batches, batch -> sink.write(new TestBatch(batch))));
        });
    }

    private Future<Void> stepLookups() {
        Step step = assembly.step(
                component(StepType.class), "{query: 'SELECT name FROM bare WHERE id = $1', params: ['${.id}']}");
        return lookups(i -> step.run(new TestFrame(
                        vertx, JsonNodeFactory.instance.objectNode().put("id", (long) i)))
                .mapEmpty());
    }

    private static Future<Void> fresh(PgConnection connection, String table) {
        return connection
                .query("DROP TABLE IF EXISTS " + table + "; CREATE TABLE " + table + " " + COLUMNS)
                .execute()
                .mapEmpty();
    }

    private static Tuple arrays(List<ObjectNode> batch) {
        int size = batch.size();
        Long[] ids = new Long[size];
        String[] names = new String[size];
        Double[] amounts = new Double[size];
        Boolean[] actives = new Boolean[size];
        String[] notes = new String[size];
        for (int i = 0; i < size; i++) {
            ObjectNode document = batch.get(i);
            ids[i] = document.get("id").longValue();
            names[i] = document.get("name").textValue();
            amounts[i] = document.get("amount").doubleValue();
            actives[i] = document.get("active").booleanValue();
            notes[i] = document.get("note").textValue();
        }
        return Tuple.wrap(new ArrayList<>(List.of(ids, names, amounts, actives, notes)));
    }

    private static List<List<ObjectNode>> batches() {
        List<List<ObjectNode>> batches = new ArrayList<>();
        for (int b = 0; b < BATCHES; b++) {
            List<ObjectNode> batch = new ArrayList<>();
            for (int i = 0; i < BATCH; i++) {
                long id = (long) b * BATCH + i;
                batch.add(JsonNodeFactory.instance
                        .objectNode()
                        .put("id", id)
                        .put("name", "name of " + id)
                        .put("amount", id / 7.0)
                        .put("active", id % 2 == 0)
                        .put("note", "a note of some length, as they are"));
            }
            batches.add(batch);
        }
        return batches;
    }

    private static <T> Future<Void> inTurn(List<T> all, java.util.function.Function<T, Future<Void>> each) {
        Promise<Void> done = Promise.promise();
        next(all, 0, each, done);
        return done.future();
    }

    private static <T> void next(
            List<T> all, int at, java.util.function.Function<T, Future<Void>> each, Promise<Void> done) {
        if (at == all.size()) {
            done.complete();
        } else {
            each.apply(all.get(at)).onComplete(ok -> next(all, at + 1, each, done), done::fail);
        }
    }

    private static Future<Void> lookups(java.util.function.IntFunction<Future<Void>> lookup) {
        Promise<Void> done = Promise.promise();
        int[] counts = new int[2];
        for (int i = 0; i < IN_FLIGHT; i++) {
            more(lookup, counts, done);
        }
        return done.future();
    }

    private static void more(java.util.function.IntFunction<Future<Void>> lookup, int[] counts, Promise<Void> done) {
        if (counts[0] < LOOKUPS) {
            lookup.apply(counts[0]++)
                    .onComplete(
                            ok -> {
                                if (++counts[1] == LOOKUPS) {
                                    done.complete();
                                }
                                more(lookup, counts, done);
                            },
                            done::tryFail);
        }
    }

    private double rate(int items, Supplier<Future<Void>> work) {
        long start = System.nanoTime();
        Promise<Void> done = Promise.promise();
        vertx.getOrCreateContext().runOnContext(nothing -> work.get().onComplete(done));
        try {
            done.future().toCompletionStage().toCompletableFuture().get();
        } catch (InterruptedException | java.util.concurrent.ExecutionException e) {
            throw new IllegalStateException(e);
        }
        return items / ((System.nanoTime() - start) / 1e9);
    }

    private static <C extends Component> C component(Class<C> kind) {
        return new SqlConnector()
                .components().stream()
                        .filter(kind::isInstance)
                        .map(kind::cast)
                        .findFirst()
                        .orElseThrow();
    }
}
