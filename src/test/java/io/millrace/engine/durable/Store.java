package io.millrace.engine.durable;

import io.millrace.engine.queue.Loop;
import io.millrace.testkit.ModelStore;
import io.millrace.testkit.sim.SimWorld;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The store of the world, and the lines to it. */
final class Store {
    private static final int TRAVEL_MICROS = 400;

    final ModelStore model = new ModelStore();
    private final Verdict verdict;
    private final SimWorld sim;
    private final Chaos chaos;
    private final Consumer<DistantRun> whenCommitted;
    private final Loop lines;
    private Duration awayUntil = Duration.ZERO;

    /** @param whenCommitted told of each commit that the store has kept, before anybody else is */
    Store(Verdict verdict, SimWorld sim, Chaos chaos, Consumer<DistantRun> whenCommitted) {
        this.verdict = verdict;
        this.sim = sim;
        this.chaos = chaos;
        this.whenCommitted = whenCommitted;
        this.lines = sim.loop();
    }

    /** One way of one process, on which nothing overtakes. */
    final class Way {
        private Duration latest = Duration.ZERO;
        private Duration cutUntil = Duration.ZERO;

        /** Nothing comes through for a while. */
        void cut(Duration time) {
            cutUntil = sim.now().plus(time);
        }

        Future<Void> travel() {
            Duration from = cutUntil.compareTo(sim.now()) > 0 ? cutUntil : sim.now();
            Duration at = from.plus(time());
            latest = at.compareTo(latest) > 0 ? at : latest;
            return after(latest.minus(sim.now()));
        }
    }

    /** Nothing reaches it for a while. */
    void away(Duration time) {
        awayUntil = sim.now().plus(time);
        lines.after(time, () -> model.back(Math.max(0, sim.now().toMillis() - model.now())));
    }

    /** Something is under way to it or from it. */
    Future<Void> travel() {
        return after(time());
    }

    private Duration time() {
        Duration wait = awayUntil.minus(sim.now());
        Duration line = chaos.time(TRAVEL_MICROS);
        return wait.isNegative() ? line : wait.plus(line);
    }

    private Future<Void> after(Duration time) {
        Promise<Void> there = Promise.promise();
        lines.after(time, () -> {
            keepTime();
            there.complete();
        });
        return there.future();
    }

    /** As {@link #travel}; what a process has sent that has ended meanwhile may be lost. */
    Future<Void> arrival(SimWorld.Machine from, Future<Void> travel) {
        return travel.compose(there -> from.isDead() && chaos.random().nextBoolean()
                ? Promise.<Void>promise().future()
                : Future.succeededFuture());
    }

    /** Its clock is that of the world. */
    void keepTime() {
        long behind = sim.now().toMillis() - model.now();
        if (behind > 0) {
            model.passMillis(behind);
        }
    }

    /** What it has sent is kept. */
    void committed(DistantRun by) {
        if (!by.isOurs()) {
            throw verdict.broken("a stale incarnation changes nothing", "a commit of a process that was given up");
        }
        try {
            whenCommitted.accept(by);
        } catch (RuntimeException thrown) {
            throw verdict.broken("what is kept can be read", thrown);
        }
    }

    /** Does what a process asks; if it was given up, nothing may change. */
    <T> Future<T> guard(DistantRun by, Supplier<Future<T>> question) {
        if (by.isOurs()) {
            return question.get();
        }
        model.bury(); // of others that are dead
        String before = model.digest();
        Future<T> answer = question.get();
        if (!model.digest().equals(before)) {
            throw verdict.broken("a stale incarnation changes nothing", before + " has become " + model.digest());
        }
        return answer;
    }
}
