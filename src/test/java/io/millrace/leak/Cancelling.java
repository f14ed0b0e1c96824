package io.millrace.leak;

import static org.awaitility.Awaitility.await;

import io.millrace.engine.Run;
import io.millrace.engine.RunSnapshot.StageSnapshot;
import io.millrace.testkit.Embedded;
import io.millrace.testkit.Millrace;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.NetServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A run with a stage for each kind of work that can be under way. Items of a stage are cancelled by a timeout, by a race that another
 * branch wins, or by a sibling's failure, in turn; some wait until the whole run is cancelled.
 */
public final class Cancelling implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(Long.getLong("leak.minutes", 2));
    private static final Duration SETTLE = Duration.ofSeconds(10);

    /**
     * A kind of work.
     *
     * @param concurrency items at once
     * @param millis after which they are cancelled
     * @param step what they do, with {@code '} for {@code "}
     */
    private record Kind(String name, int concurrency, int millis, String step) {}

    private final Taps taps = new Taps();
    private final Vertx servers = Vertx.vertx();
    private final HttpServer http;
    private final NetServer mute;
    private final ServerSocket deaf;
    private final List<SocketChannel> backlog = new ArrayList<>();
    private final Embedded database;
    private final Millrace millrace;
    private final List<Kind> kinds;

    /** @param directory a folder for the runs */
    public Cancelling(Path directory) throws Exception {
        database = new Embedded(directory.resolve("state"));
        millrace = new Millrace(directory, database, List.of(taps));
        http = servers.createHttpServer()
                .requestHandler(Cancelling::never)
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
        mute = servers.createNetServer()
                .connectHandler(socket -> socket.exceptionHandler(reset -> {}))
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
        deaf = deaf();
        kinds = all(
                "http://127.0.0.1:" + http.actualPort(), "http://127.0.0.1:" + deaf.getLocalPort(), mute.actualPort());
    }

    private static void never(HttpServerRequest request) {
        request.exceptionHandler(reset -> {});
        request.response().exceptionHandler(reset -> {});
        if (request.path().equals("/half")) {
            request.response().putHeader("content-length", "1000").write("half of it");
        }
    }

    /** A server whose backlog is full: connecting to it takes for ever. */
    private ServerSocket deaf() throws IOException {
        ServerSocket server = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
        for (int i = 0; i < 4; i++) {
            SocketChannel one = SocketChannel.open();
            one.configureBlocking(false);
            one.connect(new InetSocketAddress("127.0.0.1", server.getLocalPort()));
            backlog.add(one);
        }
        return server;
    }

    private static List<Kind> all(String web, String deaf, int mute) {
        String sleep = "{'sleep': '1h'}";
        return List.of(
                new Kind("sleep", 1000, 20, sleep),
                new Kind("lock", 500, 20, "{'lock': {'name': 'one', 'do': [" + sleep + "]}}"),
                new Kind("cache", 500, 20, "{'cache': {'key': '${.value % 7}', 'do': [" + sleep + "]}}"),
                new Kind(
                        "branches",
                        300,
                        20,
                        "{'each': {'in': 'range(2)', 'do': [{'gather': [[" + sleep + "], [{'race': [[" + sleep + "], ["
                                + sleep + "]]}]]}]}}"),
                new Kind(
                        "retry",
                        500,
                        20,
                        "{'raise': {'message': 'no', 'kind': 'TIMEOUT'}, 'retry': {'attempts': 9, 'backoff': '1h', 'maxBackoff': '1h', 'total': '9h'}}"),
                new Kind("repeat", 200, 20, "{'repeat': {'while': 'true', 'max': 1000000, 'do': [{'sleep': '5ms'}]}}"),
                new Kind("timeouts", 500, 20, "{'do': [{'do': [" + sleep + "], 'timeout': '30m'}], 'timeout': '40m'}"),
                new Kind("finally", 300, 20, "{'do': [" + sleep + "], 'finally': [{'sleep': '10ms'}]}"),
                new Kind("cleaning", 300, 20, "{'do': [{'set': {'a': 1}}], 'finally': [{'sleep': '40ms'}]}, " + sleep),
                new Kind("http", 50, 20, "{'http': {'url': '" + web + "/never', 'client': 'wide'}}"),
                new Kind("body", 50, 40, "{'http': {'url': '" + web + "/half', 'client': 'wide'}}"),
                new Kind("pool", 100, 20, "{'http': {'url': '" + web + "/never', 'client': 'narrow'}}"),
                new Kind("connect", 20, 20, "{'http': {'url': '" + deaf + "/', 'client': 'wide'}}"),
                new Kind(
                        "tcp",
                        50,
                        20,
                        "{'tcp': {'host': '127.0.0.1', 'port': " + mute + ", 'send': 'hello', 'close': true}}"),
                new Kind("sql", 16, 40, "{'sql': 'SELECT pg_sleep(3600)'}"),
                new Kind("transaction", 8, 40, "{'transaction': {'do': [{'sql': 'SELECT 1'}, " + sleep + "]}}"),
                new Kind("exec", 4, 60, "{'exec': ['sh', '-c', 'sleep 3600 & sleep 3600']}"),
                new Kind(
                        "coprocess",
                        16,
                        40,
                        "{'exec': {'command': ['sh', '-c', 'while read -r line; do sleep 3600; done'], 'mode': 'coprocess', 'processes': 2}}"),
                new Kind("blocking", 16, 20, "{'block': {}, 'blocking': 'slow'}"));
    }

    /** The names of the kinds. */
    public List<String> kinds() {
        return kinds.stream().map(Kind::name).toList();
    }

    /** A run that has begun; nothing is under way in it. */
    public Running start() {
        taps.block();
        Map<String, String> stages = new LinkedHashMap<>();
        kinds.forEach(kind -> stages.put(kind.name, stage(kind)));
        stages.put("collect", source("collect") + ", 'steps': [{'collect': {'items': 1000000, 'wait': '1h'}}]}");
        stages.put("rate", source("rate") + ", 'rate': '1/h', 'steps': [{'sleep': '1ms'}]}");
        stages.put("slots", source("slots") + ", 'concurrency': 1, 'steps': [{'sleep': '1h'}]}");
        String flow =
                ("{'resources': {'wide': {'http': {'perHost': 100}}, 'narrow': {'http': {'perHost': 1}}, 'db': {'postgres': {'pool': 4}}}, "
                                + "'workers': {'slow': {'threads': 1, 'queue': 1000}}, 'stages': "
                                + stages.entrySet().stream()
                                        .map(stage -> "'" + stage.getKey() + "': " + stage.getValue())
                                        .collect(Collectors.joining(", ", "{", "}"))
                                + "}")
                        .replace('\'', '"');
        return new Running(millrace.drain(Duration.ZERO).start(flow));
    }

    private static String source(String name) {
        return "{'source': {'tap': '" + name + "'}, 'sink': 'discard'";
    }

    private static String stage(Kind kind) {
        String step = kind.step;
        String patience = "'" + kind.millis + "ms'";
        return source(kind.name) + ", 'concurrency': " + kind.concurrency + ", 'steps': [{'switch': ["
                + "{'when': '.value < 0', 'do': [" + step + "]}, "
                + "{'when': '.value % 3 == 0', 'do': [{'do': [" + step + "], 'timeout': " + patience
                + ", 'onError': 'ignore'}]}, "
                + "{'when': '.value % 3 == 1', 'do': [{'race': [[" + step + "], [{'sleep': " + patience
                + "}]], 'as': null}]}, "
                + "{'do': [{'gather': [[" + step + "], [{'sleep': " + patience
                + "}, {'raise': 'no'}]], 'as': null, 'onError': 'ignore'}]}]}]}";
    }

    /** What the database is at: statements that run, transactions that are open. */
    public List<String> statements() {
        Millrace.Outcome outcome = millrace.run("{'source': {'range': 1}, 'steps': [{'sql': {'query': "
                + "'SELECT state, query FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND (state = $1 OR xact_start IS NOT NULL) AND backend_type = $2', "
                + "'params': ['active', 'client backend']}}, {'map': {'rows': '${.sql}'}}]}");
        List<String> rows = new ArrayList<>();
        outcome.lines().get(0).path("rows").forEach(row -> rows.add(row.toString()));
        return rows;
    }

    @Override
    public void close() throws Exception {
        taps.unblock();
        millrace.close();
        for (SocketChannel one : backlog) {
            one.close();
        }
        deaf.close();
        servers.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
        database.close();
    }

    /** The run. */
    public final class Running {
        private Millrace.@Nullable Started run;

        private Running(Millrace.Started run) {
            this.run = run;
            await().atMost(PATIENCE).until(() -> run().snapshot().state().equals("running"));
        }

        private Run run() {
            return Objects.requireNonNull(run).run();
        }

        /** Has so many items of each kind cancelled, and waits for all. */
        public void cancel(Function<String, Integer> items) {
            Map<String, Long> before = ended();
            kinds.forEach(kind -> taps.open(kind.name, items.apply(kind.name)));
            for (Kind kind : kinds) {
                await().atMost(PATIENCE)
                        .alias(kind.name)
                        .until(() -> ended().get(kind.name) - before.get(kind.name) == items.apply(kind.name));
            }
        }

        /** Has so many items of one kind cancelled; tells what is there afterwards that was not before. */
        public String residueOf(String kind, int items) {
            Residue before = Residue.now();
            cancel(name -> name.equals(kind) ? items : 0);
            long patience = System.nanoTime() + SETTLE.toNanos();
            List<String> more = Residue.now().beyond(before);
            while (!more.isEmpty() && System.nanoTime() < patience) {
                more = Residue.now().beyond(before);
            }
            return more.isEmpty() && statements().isEmpty() ? "nothing" : more + " " + statements();
        }

        private Map<String, Long> ended() {
            return run().snapshot().stages().stream()
                    .collect(Collectors.toMap(StageSnapshot::name, stage -> stage.out() + stage.failed()));
        }

        /** Lets so many items of each kind, and some that rest in a group or a queue, wait; then cancels the run. */
        public void abort(int items) {
            Map<String, Long> before = started();
            kinds.forEach(kind -> taps.open(kind.name, -Math.min(items, kind.concurrency)));
            List.of("collect", "rate", "slots").forEach(name -> taps.open(name, -items));
            for (Kind kind : kinds) {
                await().atMost(PATIENCE)
                        .alias(kind.name)
                        .until(() ->
                                started().get(kind.name) - before.get(kind.name) == Math.min(items, kind.concurrency));
            }
            taps.unblock();
            run().drain("enough");
            Objects.requireNonNull(run).await();
            run = null;
        }

        private Map<String, Long> started() {
            return run().snapshot().stages().stream().collect(Collectors.toMap(StageSnapshot::name, StageSnapshot::in));
        }
    }
}
