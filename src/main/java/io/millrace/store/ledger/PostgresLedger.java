package io.millrace.store.ledger;

import io.millrace.ledger.KeptLetter;
import io.millrace.ledger.Ledger;
import io.millrace.ledger.Member;
import io.millrace.ledger.Opened;
import io.millrace.ledger.Presence;
import io.millrace.ledger.RunRequest;
import io.millrace.ledger.RunSummary;
import io.millrace.ledger.RunWork;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/** The ledger in the schema {@code millrace} of a PostgreSQL database, version 14 or later. */
public final class PostgresLedger implements Ledger {
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Waits WAITS = new Waits(Duration.ofSeconds(2), Duration.ofSeconds(30));
    private static final Duration ANSWER = Duration.ofSeconds(30);

    /**
     * How long what is waited for.
     *
     * @param patience after which an answer that does not come is looked into
     * @param grace see {@link Sign.Judge}; zero: whoever is silent is dead
     */
    record Waits(Duration patience, Duration grace) {}

    private static final String JOIN =
            "INSERT INTO millrace.node (host, machine, pid, started) VALUES ($1, $2, $3, $4) RETURNING node";

    private final Vertx vertx;
    private final Dial dial;
    private final Patience patience;
    private final Machine machine;
    private final UUID storeId;
    private final long node;
    private final Sign.Judge judge;
    private final Heart heart;
    private final List<PostgresRun> runs = new CopyOnWriteArrayList<>();

    private PostgresLedger(Vertx vertx, Dial dial, Waits waits, Machine machine, UUID id, long node, Line line) {
        this.vertx = vertx;
        this.dial = dial;
        this.patience = new Patience(vertx, dial, waits.patience());
        this.machine = machine;
        this.storeId = id;
        this.node = node;
        this.judge = new Sign.Judge(machine, waits.grace());
        this.heart = new Heart(vertx, dial, node, line, new Undertaker(dial, node, judge), this::beat);
    }

    /**
     * Makes or upgrades the tables, and joins as a process. Fails, with a message for the user, if the server cannot be reached or its store is not for this binary.
     *
     * @param address where the server is; asked for each connection, and may start the server again
     */
    public static Future<Ledger> connect(Vertx vertx, Supplier<Future<PgConnectOptions>> address) {
        return connect(vertx, new Dial(vertx, address, CONNECT), WAITS).map(ledger -> ledger);
    }

    static Future<PostgresLedger> connect(Vertx vertx, Dial dial, Waits waits) {
        return dial.dial()
                .compose(line -> Migration.bundled()
                        .on(line)
                        .compose(id -> join(line)
                                .map(joined ->
                                        new PostgresLedger(vertx, dial, waits, Machine.here(), id, joined, line)))
                        .timeout(ANSWER.toMillis(), TimeUnit.MILLISECONDS)
                        .onFailure(thrown -> line.drop()));
    }

    private static Future<Long> join(Line line) {
        Machine here = Machine.here();
        ProcessHandle process = ProcessHandle.current();
        return line.run(JOIN, here.host(), here.place(), process.pid(), Machine.began(process))
                .map(rows -> rows.iterator().next().getLong(0));
    }

    @Override
    public UUID storeId() {
        return storeId;
    }

    @Override
    public String host() {
        return machine.host();
    }

    @Override
    public Future<Opened> open(RunRequest request, Presence presence) {
        return dial.dial()
                .compose(line -> new Opening(line, node, judge, request)
                        .run()
                        .timeout(ANSWER.toMillis(), TimeUnit.MILLISECONDS)
                        .map(result -> result.opened(claim -> own(claim, line, presence)))
                        .onSuccess(opened -> hangUpUnless(opened instanceof Opened.Mine, line))
                        .onFailure(thrown -> line.drop()));
    }

    private Opened own(Opening.Claim claim, Line line, Presence presence) {
        PostgresRun run = new PostgresRun(vertx, dial, patience, presence, node, claim, line);
        runs.add(run);
        return new Opened.Mine(run, claim.resumed(), claim.saved(), claim.others());
    }

    private static void hangUpUnless(boolean used, Line line) {
        if (!used) {
            line.drop();
        }
    }

    @Override
    public Future<List<RunSummary>> runs() {
        return once(line -> new Saving(line).runs());
    }

    @Override
    public Future<List<KeptLetter>> deadLetters(long run, long after, int limit) {
        return once(line -> new Saving(line).letters(run, after, limit));
    }

    @Override
    public Future<Integer> drop(List<Long> letters) {
        return once(
                line -> line.run("DELETE FROM millrace.dead WHERE id = ANY ($1)", (Object) letters.toArray(Long[]::new))
                        .map(rows -> rows.rowCount()));
    }

    @Override
    public Future<Integer> replay(List<Long> letters) {
        return once(line -> new Replaying(line).of(letters));
    }

    @Override
    public Future<Boolean> cancel(long run, int exitCode) {
        return once(line -> new Cancelling(line, run, exitCode).now());
    }

    @Override
    public Future<List<RunWork>> work() {
        return once(line -> new Survey(line).all());
    }

    @Override
    public Future<List<Member>> members() {
        return once(line -> new Members(line).all());
    }

    private <T> Future<T> once(Function<Line, Future<T>> question) {
        return dial.dial()
                .compose(line -> question.apply(line)
                        .timeout(ANSWER.toMillis(), TimeUnit.MILLISECONDS)
                        .onComplete(done -> line.drop()));
    }

    private void beat(Set<Long> alive, long sentAt) {
        runs.removeIf(PostgresRun::isClosed);
        runs.forEach(run -> run.beat(alive, sentAt));
    }

    long node() {
        return node;
    }

    Future<Void> beatNow() {
        return heart.beat();
    }

    Future<Void> lookNow() {
        return heart.look();
    }

    /** As a process that dies: nothing more is said, and nothing is taken back. For tests. */
    void fallSilent() {
        heart.stop();
    }

    @Override
    public Future<Void> close() {
        heart.stop();
        runs.forEach(PostgresRun::abandon);
        return once(line -> line.run("DELETE FROM millrace.node WHERE node = $1", node))
                .<Void>mapEmpty()
                .otherwiseEmpty();
    }
}
