package io.millrace.cli;

import io.millrace.spi.Component;
import io.millrace.spi.Components;
import io.millrace.spi.Nearest;
import io.millrace.spi.Spec;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "components",
        description = "List the steps, sources, sinks and resources, or show how one is used, with an example.")
final class ComponentsCommand implements Callable<Integer> {
    private static final Map<Spec.Kind, String> HEADINGS = Map.of(
            Spec.Kind.STEP, "Steps",
            Spec.Kind.SOURCE, "Sources",
            Spec.Kind.SINK, "Sinks",
            Spec.Kind.RESOURCE, "Resources");
    private static final List<Spec.Kind> KINDS =
            List.of(Spec.Kind.STEP, Spec.Kind.SOURCE, Spec.Kind.SINK, Spec.Kind.RESOURCE);

    private final Shell shell;

    @Mixin
    CommonOptions common = new CommonOptions();

    @Parameters(arity = "0..1", paramLabel = "NAME", description = "A component; all of that name are shown.")
    @Nullable
    String name;

    ComponentsCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        String wanted = name;
        if (wanted == null) {
            list();
        } else {
            show(wanted);
        }
        return ExitCode.DONE;
    }

    private ComponentDocs docs() {
        return shell.tools().components();
    }

    private void list() {
        Components all = docs().components();
        int width = allNames(all).stream().mapToInt(String::length).max().orElse(0);
        Paint paint = common.paintOut(shell.terminal());
        String gap = "";
        for (Spec.Kind kind : KINDS) {
            shell.out().print(gap);
            shell.out().println(paint.bold(HEADINGS.getOrDefault(kind, "")));
            for (String each : all.names(kind)) {
                String summary =
                        find(all, kind, each).map(c -> c.spec().summary()).orElse("");
                shell.out().println("  " + each + " ".repeat(width - each.length()) + "  " + summary);
            }
            gap = System.lineSeparator();
        }
    }

    private void show(String wanted) {
        ComponentDocs docs = docs();
        List<Component> found = new ArrayList<>();
        KINDS.forEach(kind -> find(docs.components(), kind, wanted).ifPresent(found::add));
        if (found.isEmpty()) {
            throw UserError.usage("there is no component \"" + wanted + "\"." + nearest(docs.components(), wanted));
        }
        String gap = "";
        for (Component component : found) {
            shell.out().print(gap);
            shell.out().println(docs.page(component).stripTrailing());
            gap = System.lineSeparator();
        }
    }

    private static String nearest(Components all, String wanted) {
        return Nearest.to(wanted, allNames(all))
                .map(each -> " Did you mean \"" + each + "\"?")
                .orElse(" See millrace components for the list.");
    }

    private static Collection<String> allNames(Components all) {
        TreeSet<String> names = new TreeSet<>();
        KINDS.forEach(kind -> names.addAll(all.names(kind)));
        return names;
    }

    private static Optional<? extends Component> find(Components all, Spec.Kind kind, String name) {
        return switch (kind) {
            case STEP -> all.step(name);
            case SOURCE -> all.source(name);
            case SINK -> all.sink(name);
            case RESOURCE -> all.resource(name);
            case OBJECT -> Stream.<Component>empty().findAny();
        };
    }
}
