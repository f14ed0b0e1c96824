package io.millrace.cli;

import io.millrace.engine.Run;
import io.millrace.engine.RunOptions;
import io.millrace.engine.RunResult;
import io.millrace.engine.RunSnapshot.StageSnapshot;
import io.millrace.flow.CheckedFlow;
import io.vertx.core.Future;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One run on the command line, from its start to its exit code. The calling thread, which is no event loop, waits; signals come on a
 * thread of their own.
 */
final class Session {
    private final Shell shell;
    private final Progress progress;
    private final Voice voice;
    private final Opening opening;
    private final CompletableFuture<Run> started = new CompletableFuture<>();
    private volatile Signals.@Nullable Kind signal;
    private volatile boolean pipeClosed;
    private volatile Duration drain = Duration.ZERO;

    Session(Shell shell, Progress progress, Voice voice, Opening opening) {
        this.shell = shell;
        this.progress = progress;
        this.voice = voice;
        this.opening = opening;
    }

    /** @param options the run's options, given the stream for its data */
    int run(CheckedFlow flow, Function<PrintStream, RunOptions> options, Path deadLetters) {
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
        voice.end(new Report(named(result), flow.graph().ends(), deadLetters));
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
            shell.signals().halt(kind.exitCode());
            return;
        }
        signal = kind;
        started.thenAccept(run -> {
            run.drain("SIG" + kind);
            voice.line(stopping(run.snapshot().stages()));
        });
    }

    private String stopping(List<StageSnapshot> stages) {
        long inFlight = stages.stream().mapToLong(StageSnapshot::inFlight).sum();
        long queued = stages.stream().mapToLong(StageSnapshot::queued).sum();
        return "stopping: " + Words.count(inFlight, "item") + " in flight"
                + (queued == 0 ? "" : " and " + Words.count(queued) + " queued") + " may go on for "
                + Words.time(drain) + "; press Ctrl-C again to stop at once";
    }

    /** Who interrupted it is known here, whatever the engine was told. */
    private RunResult named(RunResult result) {
        Signals.Kind kind = signal;
        return result.outcome() == RunResult.Outcome.INTERRUPTED && kind != null
                ? new RunResult(result.outcome(), "SIG" + kind, result.last())
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
