package io.millrace.cli;

import ch.qos.logback.classic.Level;
import io.millrace.engine.Replay;
import io.millrace.engine.RunOptions;
import io.millrace.flow.CheckedFlow;
import io.millrace.spi.Quantities;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

@Command(
        name = "run",
        description = "Run a flow to its end.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:the run failed",
            "2:wrong usage, or an invalid flow",
            "3:done, but some items are in the dead letters",
            "129:interrupted by SIGHUP, as when the terminal is closed, drained",
            "130:interrupted by SIGINT, drained; or cancelled",
            "141:the reader of standard output went away",
            "143:interrupted by SIGTERM, drained"
        })
final class RunCommand implements Callable<Integer> {
    private static final Duration DRAIN = Duration.ofSeconds(20);

    private final Shell shell;

    @Mixin
    CommonOptions common = new CommonOptions();

    @Mixin
    PluginsOption plugins = new PluginsOption();

    @Mixin
    StoreOptions store = new StoreOptions();

    @Parameters(paramLabel = "FLOW", description = "A flow file.")
    Path flow = Path.of("");

    @Option(
            names = {"-p", "--param"},
            paramLabel = "key=value",
            description = "The value of a param. May be given several times.")
    Map<String, String> params = new LinkedHashMap<>();

    @Option(
            names = "--set",
            paramLabel = "stage.field=value",
            description =
                    "A stage's instances, concurrency or rate, instead of the flow's. May be given several times.")
    Map<String, String> overrides = new LinkedHashMap<>();

    @Option(
            names = "--drain",
            paramLabel = "TIME",
            description = "How long items in flight may go on after Ctrl-C; default: 20s.")
    Duration drain = DRAIN;

    @Option(
            names = "--dead",
            paramLabel = "FILE",
            description = "Where dead letters go; default: NAME.dead.jsonl. Those of durable flows go to the store.")
    @Nullable
    Path dead;

    @Option(
            names = "--replay",
            paramLabel = "FILE",
            description =
                    "Run the dead letters of this file again, each in the stage where it failed; the flow's sources stay shut."
                            + " Those of durable flows are in the store: `millrace dead replay`.")
    @Nullable
    Path replay;

    @Option(
            names = "--fresh",
            description = "Begin a new run of a durable flow, even if one is unfinished or all is done.")
    boolean fresh;

    @Option(
            names = "--accept-changes",
            description =
                    "Go on with an unfinished run of a durable flow though it has a sink more; it gets what is done from now on.")
    boolean acceptChanges;

    @Option(
            names = "--event-loops",
            paramLabel = "N",
            description = "Threads that run flows; default: as suits the machine.")
    @Nullable
    Integer eventLoops;

    @Option(
            names = "--slow-step",
            paramLabel = "TIME",
            description = "Warn of steps that hold an event loop so long; default: 100ms; 0s: never.")
    @Nullable
    Duration slowStep;

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description =
                    "Settings file, such as conf/millrace.json; state, eventLoops, plugins, slowStep and log are used.")
    @Nullable
    Path config;

    @Option(
            names = "--progress",
            paramLabel = "auto|bar|plain|none",
            description = "A bar, or a line every 10 s; auto: a bar on a terminal.")
    Progress.Mode progress = Progress.Mode.AUTO;

    @Option(names = "--log-format", paramLabel = "text|json", description = "How log lines look; default: text.")
    Logs.@Nullable Format logFormat;

    RunCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        Path here = shell.terminal().workingDirectory();
        SettingsFile file = config == null ? SettingsFile.NONE : SettingsFile.read(here, config);
        Logs.Format format = logFormat(file);
        try (Progress shown = progress(format);
                Opening opening = new Opening(shell.tools().works(), settings(file))) {
            PrintStream err = shown.through(shell.err());
            Logs.configure(format, level(file), err);
            CheckedFlow checked = read(plugins.in(here, file.find("plugins")));
            if (!checked.isValid()) {
                return ExitCode.USAGE;
            }
            Voice voice = new Voice(err, common.paint(shell.terminal()), format == Logs.Format.JSON, common.quiet);
            return run(checked, here, slowStep(file), new Session(shell, shown, voice, opening, leftovers(checked)));
        }
    }

    private CheckedFlow read(Path jars) {
        EnvironmentDefaults.addPairs(shell.terminal().environment(), "MILLRACE_PARAM", params);
        EnvironmentDefaults.addPairs(shell.terminal().environment(), "MILLRACE_SET", overrides);
        CheckedFlow checked = new FlowFiles(shell, jars).load(flow, params, overrides);
        report(checked);
        return checked;
    }

    private int run(CheckedFlow checked, Path here, Duration slow, Session session) {
        Path letters = letters(checked);
        Optional<Replay> replayed = Optional.ofNullable(replay)
                .map(file -> new Replaying(here, session.voice()).of(file, letters, checked));
        return session.run(
                checked,
                out -> new RunOptions(
                        here,
                        here.resolve(letters),
                        drain,
                        out,
                        shell.terminal().in(),
                        slow,
                        replayed,
                        fresh,
                        acceptChanges));
    }

    private Path letters(CheckedFlow checked) {
        return dead == null ? Path.of(checked.name() + ".dead.jsonl") : dead;
    }

    private Leftovers leftovers(CheckedFlow checked) {
        return checked.durable() ? Leftovers.inStore(checked.name()) : Leftovers.inFile(letters(checked));
    }

    private void report(CheckedFlow checked) {
        var told = checked.problems().stream()
                .filter(problem -> problem.isError() || !common.quiet)
                .toList();
        new ProblemPrinter(shell.err(), common.paint(shell.terminal())).print(flow.toString(), told);
    }

    private AppSettings settings(SettingsFile file) {
        OptionalInt loops = eventLoops == null
                ? file.find("eventLoops")
                        .map(text -> OptionalInt.of(number(file, text)))
                        .orElse(OptionalInt.empty())
                : OptionalInt.of(eventLoops);
        if (loops.isPresent() && loops.getAsInt() < 1) {
            throw UserError.usage("there must be at least one event loop.");
        }
        return store.settings(shell, file, loops);
    }

    private Duration slowStep(SettingsFile file) {
        if (slowStep != null) {
            return slowStep;
        }
        return file.find("slowStep")
                .map(text -> Optional.ofNullable(Quantities.duration(text))
                        .orElseThrow(() -> UserError.usage(file.file() + ": /slowStep: \"" + text
                                + "\" is not a duration. Write 100ms or 1s; 0s turns the warning off.")))
                .orElse(RunOptions.SLOW_STEP);
    }

    private static int number(SettingsFile file, String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw UserError.usage(file.file() + ": /eventLoops: \"" + text + "\" is not a whole number.");
        }
    }

    private Logs.Format logFormat(SettingsFile file) {
        return Optional.ofNullable(logFormat)
                .or(() -> file.find("log.format")
                        .map(word -> word.equalsIgnoreCase("json") ? Logs.Format.JSON : Logs.Format.TEXT))
                .orElse(Logs.Format.TEXT);
    }

    private Level level(SettingsFile file) {
        Level fromFile = Level.toLevel(file.find("log.level").orElse("info"), Level.INFO);
        return common.quiet ? Level.ERROR : common.verbose ? Level.DEBUG : fromFile;
    }

    private Progress progress(Logs.Format format) {
        boolean terminal = shell.terminal().errIsTerminal()
                && !"dumb".equals(shell.terminal().environment().get("TERM"));
        Progress.Mode mode = common.quiet
                ? Progress.Mode.NONE
                : progress != Progress.Mode.AUTO
                        ? progress
                        : terminal && format == Logs.Format.TEXT ? Progress.Mode.BAR : Progress.Mode.PLAIN;
        return switch (mode) {
            case BAR ->
                new BarProgress(
                        new StatusLine(shell.err(), shell.terminal().columns()),
                        common.paint(shell.terminal()).on());
            case NONE -> new Progress.None();
            default ->
                new PlainProgress(new Voice(shell.err(), new Paint(false), format == Logs.Format.JSON, false)::line);
        };
    }

    /** Durations as flows write them. */
    static Duration duration(String text) {
        Duration read = Quantities.duration(text);
        if (read == null) {
            throw new TypeConversionException("\"" + text + "\" is not a duration. Write 500ms, 20s or 2m.");
        }
        return read;
    }
}
