package io.millrace.cli;

import io.millrace.engine.Run;
import io.millrace.engine.RunResult;
import io.millrace.engine.RunSnapshot;
import io.millrace.engine.RunSnapshot.StageSnapshot;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;

/** A run that ends when the test says so. */
final class ScriptedRun implements Run {
    final AtomicReference<String> drained = new AtomicReference<>("");
    private final Promise<RunResult> result = Promise.promise();
    private final RunSnapshot snapshot;
    private final String id;

    ScriptedRun() {
        this(0);
    }

    ScriptedRun(long deadLetters) {
        this(snapshot(deadLetters));
    }

    ScriptedRun(RunSnapshot snapshot) {
        this(snapshot, "5c1f0b3e-scripted");
    }

    private ScriptedRun(RunSnapshot snapshot, String id) {
        this.snapshot = snapshot;
        this.id = id;
    }

    static RunSnapshot endless() {
        RunSnapshot known = snapshot(0);
        return new RunSnapshot(known.flow(), known.state(), known.elapsed(), known.stages(), 0, "", -1, known.read());
    }

    /** A durable run. */
    static ScriptedRun kept(UUID store, long number) {
        RunSnapshot known = snapshot(0);
        RunSnapshot kept = new RunSnapshot(
                known.flow(),
                known.state(),
                known.elapsed(),
                known.stages(),
                0,
                "",
                -1,
                known.read(),
                Optional.of(new RunSnapshot.Kept(store, number, false, 0, 0)));
        return new ScriptedRun(kept, UUID.randomUUID().toString());
    }

    /** A run with calls that could not be stopped. */
    static ScriptedRun leavingBehind(long calls) {
        return new ScriptedRun(snapshot(0, calls));
    }

    static RunSnapshot snapshot(long deadLetters) {
        return snapshot(deadLetters, 0);
    }

    private static RunSnapshot snapshot(long deadLetters, long leftBehind) {
        StageSnapshot pages =
                new StageSnapshot("pages", 12_431, 12_429, 2, 5, 0, 64, 1024, 1024, 3.14, 240.2, leftBehind, 0, false);
        StageSnapshot store =
                new StageSnapshot("store", 12_429, 1_240, 0, 0, 11_189, 0, 0, 1024, Double.NaN, Double.NaN, 0, 0, true);
        return new RunSnapshot(
                "flow",
                "running",
                Duration.ofMillis(12_300),
                List.of(pages, store),
                deadLetters,
                deadLetters == 0 ? "" : "pages/http#0: GET /a answered 404",
                20_000,
                13_519);
    }

    ScriptedRun done() {
        return ends(RunResult.Outcome.DONE, "");
    }

    ScriptedRun ends(RunResult.Outcome outcome, String reason) {
        result.complete(new RunResult(outcome, reason, snapshot, Optional.empty()));
        return this;
    }

    @Override
    public Future<RunResult> result() {
        return result.future();
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public void cancel(String reason) {
        ends(RunResult.Outcome.INTERRUPTED, reason);
    }

    @Override
    public Future<Integer> cancelItem(String id) {
        return Future.succeededFuture(id.equals("pages-7") ? 1 : 0);
    }

    @Override
    public void drain(String reason) {
        drained.set(reason);
    }

    @Override
    public RunSnapshot snapshot() {
        return snapshot;
    }
}
