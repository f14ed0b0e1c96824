package io.millrace.cli;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "top",
        description = {
            "Watch runs: how far they are and how fast, stage by stage, and which process does what. q ends it.",
            "Shown are the runs of this user on this machine, and the unfinished ones of the store, wherever they run. Done are "
                    + "records of durable runs, and results of others; pending is what is known to be left."
        })
final class TopCommand implements Callable<Integer> {
    private static final Duration EVERY = Duration.ofSeconds(1);
    private static final int LOOKS_SHARE = 4;
    private static final long KEY_NS = 100_000_000;

    /** q, and what Ctrl-C and Ctrl-D are where they are no signals. */
    private static final String QUIT = "qQ\u0003\u0004";

    private final Shell shell;
    private final AtomicReference<Signals.@Nullable Kind> signal = new AtomicReference<>();
    private final CountDownLatch stopped = new CountDownLatch(1);

    @Mixin
    CommonOptions common = new CommonOptions();

    @Mixin
    LedgerOptions ledger = new LedgerOptions();

    @Parameters(
            arity = "0..1",
            paramLabel = "FLOW|RUN",
            description = "The flow's name or file, or the run's number or id; default: all runs.")
    @Nullable
    String of;

    @Option(names = "--once", description = "Print one table, and end. So it is where standard output is no terminal.")
    boolean once;

    @Option(
            names = "--json",
            description = "A JSON object a line at each look, with sources and processes, instead of a table.")
    boolean json;

    @Option(names = "--interval", paramLabel = "TIME", description = "Between two looks; default: 1s.")
    Duration interval = EVERY;

    TopCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        String flow = of == null ? "" : FlowFiles.named(shell, of);
        try (Lookout lookout = new Lookout(
                shell.tools().nearby().get(),
                ledger.open(shell, of),
                run -> of == null || run.flow().equals(flow) || run.id().equals(of))) {
            shell.signals().listen(this::stop);
            if (json) {
                lines(lookout);
            } else if (once || !shell.terminal().outIsTerminal()) {
                print(lookout);
            } else {
                watch(lookout);
            }
        }
        Signals.Kind kind = signal.get();
        return shell.out().checkError() ? ExitCode.PIPE_CLOSED : kind == null ? ExitCode.DONE : kind.exitCode();
    }

    private void stop(Signals.Kind kind) {
        signal.compareAndSet(null, kind);
        stopped.countDown();
    }

    /** The second of two looks, which knows how fast things go. */
    private Look second(Lookout lookout) {
        lookout.look();
        rest(interval);
        return lookout.look();
    }

    private void print(Lookout lookout) {
        TopTable table = new TopTable(width(), common.paint(shell.terminal()));
        table.lines(second(lookout)).forEach(shell.out()::println);
    }

    /** What no person reads need not fit. */
    private int width() {
        return shell.terminal().outIsTerminal() ? shell.terminal().columns() : Integer.MAX_VALUE;
    }

    private void lines(Lookout lookout) {
        Look look = second(lookout);
        shell.out().println(TopJson.of(look));
        while (!once && !shell.out().checkError() && rest(interval)) {
            shell.out().println(TopJson.of(lookout.look()));
        }
    }

    /** Whether to go on. */
    private boolean rest(Duration time) {
        try {
            return !stopped.await(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void watch(Lookout lookout) {
        Look look = lookout.look(); // what goes wrong at once is told before the page is begun
        Optional<Screen> found = shell.terminal().screen().get();
        if (found.isEmpty()) {
            print(lookout);
            return;
        }
        try (Screen screen = found.get();
                Page page = new Page(shell.out(), screen)) {
            Paint paint = common.paint(shell.terminal());
            Duration pause = interval;
            do {
                page.show(new TopTable(screen.columns(), paint).lines(look));
                if (isOver(screen, pause)) {
                    return;
                }
                long began = System.nanoTime();
                look = lookout.look();
                pause = longer(interval, Duration.ofNanos(LOOKS_SHARE * (System.nanoTime() - began)));
            } while (true);
        }
    }

    /** A store that takes long to answer is not asked all the time. */
    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    /** Waits; whether the user has had enough. */
    private boolean isOver(Screen screen, Duration pause) {
        long until = System.nanoTime() + pause.toNanos();
        for (long left = pause.toNanos(); left > 0; left = until - System.nanoTime()) {
            int key = screen.key(Duration.ofNanos(Math.min(left, KEY_NS)));
            if (QUIT.indexOf(key) >= 0 || stopped.getCount() == 0) {
                return true;
            }
        }
        return false;
    }
}
