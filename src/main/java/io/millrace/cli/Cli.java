package io.millrace.cli;

import io.millrace.flow.FlowException;
import io.millrace.spi.Nearest;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line. */
public final class Cli {
    private final Shell shell;

    public Cli(Toolbox tools, Terminal terminal, Signals signals) {
        this.shell = new Shell(tools, terminal, signals);
    }

    /** Runs a command to its end and gives the exit code. Nothing escapes: what goes wrong is told on standard error. */
    public int execute(String... args) {
        int code = commandLine().execute(args);
        shell.out().flush();
        shell.err().flush();
        return code;
    }

    private CommandLine commandLine() {
        CommandLine root = new CommandLine(new MillraceCommand())
                .addSubcommand(new RunCommand(shell))
                .addSubcommand(new RunsCommand(shell))
                .addSubcommand(new TopCommand(shell))
                .addSubcommand(new CancelCommand(shell))
                .addSubcommand(dead())
                .addSubcommand(new CheckCommand(shell))
                .addSubcommand(new ComponentsCommand(shell))
                .addSubcommand(new SchemaCommand(shell))
                .addSubcommand(new GraphCommand(shell))
                .addSubcommand(new InitCommand(shell));
        root.getCommandSpec().versionProvider(new Version());
        root.setExecutionStrategy(this::dispatch);
        root.setCaseInsensitiveEnumValuesAllowed(true);
        root.setDefaultValueProvider(new EnvironmentDefaults(shell.terminal().environment()));
        root.registerConverter(Duration.class, RunCommand::duration);
        root.setOut(new PrintWriter(shell.out(), true, StandardCharsets.UTF_8));
        root.setErr(new PrintWriter(shell.err(), true, StandardCharsets.UTF_8));
        root.setColorScheme(CommandLine.Help.defaultColorScheme(
                shell.terminal().outIsTerminal() && !shell.terminal().plain() ? Ansi.ON : Ansi.OFF));
        root.setParameterExceptionHandler(this::misused);
        root.setExecutionExceptionHandler(this::failed);
        root.getSubcommands().values().forEach(Cli::tellTwins);
        root.getCommandSpec()
                .usageMessage()
                .footer(
                        "",
                        "Every option has a twin in the environment: --state-dir is MILLRACE_STATE_DIR.",
                        "Data goes to standard output, everything else to standard error.",
                        "Begin with: millrace init hello && millrace run hello.json");
        return root;
    }

    private int dispatch(ParseResult parsed) {
        boolean bare = !parsed.hasSubcommand() && !CommandLine.printHelpIfRequested(parsed);
        if (bare) {
            parsed.commandSpec().commandLine().usage(shell.out());
        }
        if (!parsed.hasSubcommand()) {
            return ExitCode.DONE;
        }
        for (ParseResult outer = parsed; outer.hasSubcommand(); outer = outer.subcommand()) {
            common(outer.subcommand().commandSpec().commandLine())
                    .add(common(outer.commandSpec().commandLine()));
        }
        return new CommandLine.RunLast().execute(parsed);
    }

    private CommandLine dead() {
        return new CommandLine(new DeadCommand(shell))
                .addSubcommand(new DeadListCommand(shell))
                .addSubcommand(new DeadShowCommand(shell))
                .addSubcommand(new DeadReplayCommand(shell))
                .addSubcommand(new DeadDropCommand(shell));
    }

    private static void tellTwins(CommandLine command) {
        command.getSubcommands().values().forEach(Cli::tellTwins);
        command.getCommandSpec()
                .usageMessage()
                .footer("", "Environment: " + String.join(", ", EnvironmentDefaults.twins(command.getCommandSpec())));
    }

    private int misused(ParameterException e, String[] args) {
        shell.err().println(paint(e.getCommandLine()).error("error: ") + said(e));
        shell.err().println("See " + e.getCommandLine().getCommandSpec().qualifiedName() + " --help.");
        return ExitCode.USAGE;
    }

    private static String said(ParameterException e) {
        if (!(e instanceof UnmatchedArgumentException unmatched) || unmatched.isUnknownOption()) {
            return String.valueOf(e.getMessage());
        }
        String word = unmatched.getUnmatched().get(0);
        CommandLine command = e.getCommandLine();
        return command.getSubcommands().isEmpty()
                ? "\"" + word + "\" is one argument too many."
                : "there is no command \"" + word + "\"."
                        + Nearest.to(word, command.getSubcommands().keySet())
                                .map(near -> " Did you mean \"" + near + "\"?")
                                .orElse("");
    }

    private int failed(Exception e, CommandLine command, ParseResult parsed) {
        if (e instanceof UserError known) {
            shell.err().println(paint(command).error("error: ") + known.getMessage());
            return known.exitCode();
        }
        if (e instanceof FlowException invalid) {
            var problems = invalid.problems();
            new ProblemPrinter(shell.err(), paint(command))
                    .print(problems.isEmpty() ? "" : problems.get(0).file(), problems);
            return ExitCode.USAGE;
        }
        return internal(e, command);
    }

    private int internal(Exception e, CommandLine command) {
        boolean verbose = common(command).verbose;
        shell.err().println("internal error: " + e + (verbose ? "" : " (run with -v for the trace)"));
        if (verbose) {
            e.printStackTrace(shell.err());
        }
        return ExitCode.FAILED;
    }

    private Paint paint(CommandLine command) {
        return common(command).paint(shell.terminal());
    }

    private static CommonOptions common(CommandLine command) {
        return command.getCommandSpec().mixins().values().stream()
                .map(CommandSpec::userObject)
                .filter(CommonOptions.class::isInstance)
                .map(CommonOptions.class::cast)
                .findAny()
                .orElseGet(CommonOptions::new);
    }
}
