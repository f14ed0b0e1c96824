package io.millrace.cli;

import io.millrace.spi.Nearest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "init", description = "Write a commented flow to start from.")
final class InitCommand implements Callable<Integer> {
    private final Shell shell;

    @Mixin
    CommonOptions common = new CommonOptions();

    @Parameters(arity = "0..1", paramLabel = "TEMPLATE", description = "Which one, see --list; default: hello.")
    String template = "hello";

    @Option(names = "--list", description = "List the templates.")
    boolean list;

    @Option(names = "--force", description = "Overwrite a file that exists.")
    boolean force;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Where to write it; default: TEMPLATE.json.")
    @Nullable
    Path output;

    InitCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws IOException {
        if (list) {
            Templates.ALL.forEach((name, what) -> shell.out().println(String.format("%-16s %s", name, what)));
            return ExitCode.DONE;
        }
        if (!Templates.ALL.containsKey(template)) {
            throw UserError.usage("there is no template \"" + template + "\"." + nearest());
        }
        Path file = output == null ? Path.of(template + ".json") : output;
        write(file);
        if (!common.quiet) {
            shell.err().println("wrote " + file + ". Run it: millrace run " + file);
        }
        return ExitCode.DONE;
    }

    private void write(Path file) throws IOException {
        Path real = shell.terminal().workingDirectory().resolve(file);
        if (Files.exists(real) && !force) {
            throw UserError.usage(file + " exists. Name another file with -o, or overwrite it with --force.");
        }
        try (InputStream text = Templates.open(template)) {
            Path folder = real.toAbsolutePath().getParent();
            Files.createDirectories(folder);
            Files.write(real, text.readAllBytes(), StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING);
        } catch (IOException e) {
            throw new UserError(ExitCode.FAILED, "cannot write " + file + ": " + e.getMessage());
        }
    }

    private String nearest() {
        return Nearest.to(template, Templates.ALL.keySet())
                .map(near -> " Did you mean \"" + near + "\"?")
                .orElseGet(() -> " There are " + String.join(", ", Templates.ALL.keySet()) + ".");
    }
}
