package io.millrace.engine.durable;

import io.millrace.engine.queue.Loop;
import io.millrace.ledger.KeptLetter;
import io.millrace.ledger.Ledger;
import io.millrace.ledger.Member;
import io.millrace.ledger.Opened;
import io.millrace.ledger.Presence;
import io.millrace.ledger.RunRequest;
import io.millrace.ledger.RunSummary;
import io.millrace.ledger.RunWork;
import io.millrace.testkit.ModelLedger;
import io.millrace.testkit.sim.SimWorld;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * A ledger at the other end of a line: what one asks takes time to get there, and so does the answer. What a process has sent may arrive after its
 * end, or not at all.
 */
final class DistantLedger implements Ledger {
    private static final Duration BEAT = Duration.ofSeconds(10);

    private final ModelLedger near;
    private final SimWorld.Machine process;
    private final Store store;
    private final Store.Way there;
    private final Store.Way back;
    private final Store.Way line;
    private final Loop heart;
    private final List<DistantRun> runs = new ArrayList<>();

    DistantLedger(ModelLedger near, SimWorld.Machine process, Store store) {
        this.near = near;
        this.process = process;
        this.store = store;
        this.there = store.new Way();
        this.back = store.new Way();
        this.line = store.new Way();
        this.heart = process.loop();
        near.beat();
        heart.execute(this::beat);
    }

    /** As the real one: a beat that found a run to be ours makes it sure for a while from when it was sent. */
    private void beat() {
        Duration sent = process.world().now();
        ask(() -> {
                    near.beat();
                    return Future.succeededFuture(
                            runs.stream().filter(DistantRun::isOurs).toList());
                })
                .onSuccess(alive -> alive.forEach(run -> run.sure(sent)));
        heart.after(BEAT, this::beat);
    }

    /** Nothing goes to the store or comes from it for a while, for this process alone. */
    void cut(Duration time) {
        there.cut(time);
        back.cut(time);
        line.cut(time);
    }

    ModelLedger near() {
        return near;
    }

    /** The line for commits, beside that for all else. */
    Store.Way line() {
        return line;
    }

    Store store() {
        return store;
    }

    SimWorld.Machine process() {
        return process;
    }

    /** Asks the store, and hears the answer on the loop that runs now. */
    <T> Future<T> ask(Supplier<Future<T>> question) {
        Loop asking = process.world().running();
        Promise<T> answer = Promise.promise();
        arrive().onSuccess(arrived -> question.get()
                .onComplete(done -> back.travel().onSuccess(heard -> asking.execute(() -> answer.handle(done)))));
        return answer.future();
    }

    private Future<Void> arrive() {
        return store.arrival(process, there.travel());
    }

    @Override
    public UUID storeId() {
        return near.storeId();
    }

    @Override
    public String host() {
        return near.host();
    }

    @Override
    public Future<Opened> open(RunRequest request, Presence presence) {
        return ask(() -> near.open(request, presence)).map(opened -> {
            if (opened instanceof Opened.Mine mine) {
                DistantRun run = new DistantRun(mine.run(), this);
                runs.add(run);
                return new Opened.Mine(run, mine.resumed(), mine.saved(), mine.others());
            }
            return opened;
        });
    }

    @Override
    public Future<List<RunSummary>> runs() {
        return ask(near::runs);
    }

    @Override
    public Future<List<KeptLetter>> deadLetters(long run, long after, int limit) {
        return ask(() -> near.deadLetters(run, after, limit));
    }

    @Override
    public Future<Integer> drop(List<Long> letters) {
        return ask(() -> near.drop(letters));
    }

    @Override
    public Future<Integer> replay(List<Long> letters) {
        return ask(() -> near.replay(letters));
    }

    @Override
    public Future<Boolean> cancel(long run, int exitCode) {
        return ask(() -> near.cancel(run, exitCode));
    }

    @Override
    public Future<List<RunWork>> work() {
        return ask(near::work);
    }

    @Override
    public Future<List<Member>> members() {
        return ask(near::members);
    }

    @Override
    public Future<Void> close() {
        return near.close();
    }
}
