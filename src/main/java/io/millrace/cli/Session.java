package io.millrace.cli;

import io.millrace.engine.Run;
import io.millrace.engine.RunOptions;
import io.millrace.engine.RunResult;
import io.millrace.engine.RunSnapshot;
import io.millrace.engine.RunSnapshot.StageSnapshot;
import io.millrace.flow.CheckedFlow;
import io.vertx.core.Future;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One run on the command line, from its start to its exit code. The calling thread, which is no event loop, waits; signals come on a
 * thread of their own.
 */
final class Session {
    private static final long LAST_WORD_MS = 700;

    private final Shell shell;
    private final Progress progress;
    private final Voice voice;
    private final Opening opening;
    private final Leftovers leftovers;
    private final CompletableFuture<Run> started = new CompletableFuture<>();
    private final AtomicBoolean forced = new AtomicBoolean();
    private volatile Signals.@Nullable Kind signal;
    private volatile boolean pipeClosed;
    private volatile Duration drain = Duration.ZERO;

    Session(Shell shell, Progress progress, Voice voice, Opening opening, Leftovers leftovers) {
        this.shell = shell;
        this.progress = progress;
        this.voice = voice;
        this.opening = opening;
        this.leftovers = leftovers;
    }

    Voice voice() {
        return voice;
    }

    /** @param options the run's options, given the stream for its data */
    int run(CheckedFlow flow, Function<PrintStream, RunOptions> options) {
        RunResult result;
        try {
            PrintStream out = DataOut.to(dataOut(), this::outClosed);
            RunOptions given = options.apply(out);
            drain = given.drain();
            Run run = opening.works().engine().start(flow, given);
            started.complete(run);
            shell.signals().listen(this::stop);
            progress.watch(run, flow.graph().sources());
            result = await(run.result());
        } finally {
            progress.close();
            opening.close();
        }
        voice.end(new Report(named(result), flow.graph().ends(), leftovers));
        return exitCode(result);
    }

    /** The bar must step aside for data only where both share a screen. */
    private PrintStream dataOut() {
        return shell.terminal().outIsTerminal() ? progress.through(shell.out()) : shell.out();
    }

    private void outClosed() {
        pipeClosed = true;
        // Not from within the write that found out: it may be on the very loop that drains.
        var unused = started.thenAcceptAsync(run -> run.drain("a closed standard output"));
    }

    private void stop(Signals.Kind kind) {
        if (signal != null) {
            force(kind);
            return;
        }
        signal = kind;
        started.thenAccept(run -> {
            run.drain("SIG" + kind);
            voice.line(stopping(run.snapshot().stages()));
        });
    }

    /** Ends the process, with a last word if that can be said at once: a terminal may be stopped, too. */
    private void force(Signals.Kind kind) {
        if (forced.compareAndSet(false, true)) {
            Thread speaking = new Thread(() -> started.thenAccept(run -> lastWord(run, kind)), "millrace-last-word");
            speaking.setDaemon(true);
            speaking.start();
            try {
                speaking.join(LAST_WORD_MS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        shell.signals().halt(kind.exitCode());
    }

    private void lastWord(Run run, Signals.Kind kind) {
        RunSnapshot last = run.snapshot();
        progress.close();
        voice.cut(
                last,
                "stopped at once by SIG" + kind + " after " + Words.time(last.elapsed()) + ": left unfinished "
                        + open(last.stages()) + leftovers.unfinished());
    }

    private String stopping(List<StageSnapshot> stages) {
        String why = signal == Signals.Kind.HUP ? "stopping, for the terminal was closed: " : "stopping: ";
        return why + open(stages) + " may go on for " + Words.time(drain) + "; press Ctrl-C again to stop at once";
    }

    private static String open(List<StageSnapshot> stages) {
        long inFlight = stages.stream().mapToLong(StageSnapshot::inFlight).sum();
        long queued = stages.stream().mapToLong(StageSnapshot::queued).sum();
        return Words.count(inFlight, "item") + " in flight"
                + (queued == 0 ? "" : " and " + Words.count(queued) + " queued");
    }

    /** Who interrupted it is known here, whatever the engine was told. */
    private RunResult named(RunResult result) {
        Signals.Kind kind = signal;
        return result.outcome() == RunResult.Outcome.INTERRUPTED && kind != null
                ? new RunResult(result.outcome(), "SIG" + kind, result.last(), result.before())
                : result;
    }

    private int exitCode(RunResult result) {
        Signals.Kind kind = signal;
        if (result.outcome() != RunResult.Outcome.INTERRUPTED) {
            return result.exitCode();
        }
        return kind != null ? kind.exitCode() : pipeClosed ? ExitCode.PIPE_CLOSED : result.exitCode();
    }

    private static RunResult await(Future<RunResult> result) {
        return result.toCompletionStage().toCompletableFuture().join();
    }
}
