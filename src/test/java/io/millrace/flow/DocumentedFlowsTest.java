package io.millrace.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.catalog.Catalog;
import io.millrace.expr.JqExpressions;
import io.millrace.spi.Component;
import io.millrace.spi.Spec;
import io.millrace.testkit.PluginJars;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every flow that a reader of guides and reference pages may copy is right. */
class DocumentedFlowsTest {
    private static final Catalog CATALOG = Catalog.load();
    private static final Pattern RUNNABLE = Pattern.compile("```jsonc\\n(// runnable\\n.*?)```", Pattern.DOTALL);

    static List<Arguments> guides() throws IOException {
        List<Arguments> flows = new ArrayList<>();
        try (Stream<Path> files = Files.list(Path.of("src/docs/guides"))) {
            for (Path file : files.filter(path -> path.toString().endsWith(".md"))
                    .sorted()
                    .toList()) {
                Matcher block = RUNNABLE.matcher(Files.readString(file));
                for (int n = 1; block.find(); n++) {
                    flows.add(Arguments.of(file.getFileName() + "-" + n, block.group(1)));
                }
            }
        }
        return flows;
    }

    static List<Arguments> components() {
        Set<Spec.Kind> kinds = EnumSet.complementOf(EnumSet.of(Spec.Kind.OBJECT));
        return kinds.stream()
                .flatMap(kind -> CATALOG.names(kind).stream()
                        .flatMap(name -> CATALOG.named(name).stream())
                        .map(Component::spec)
                        .filter(spec -> spec.kind() == kind))
                .map(spec -> Arguments.of(spec.kind() + " " + spec.name(), spec.example()))
                .toList();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"guides", "components"})
    void reads_without_a_problem(String name, String text) {
        FlowReader reader = new FlowReader(CATALOG, new JqExpressions());

        CheckedFlow flow = reader.read(Reading.withPlugins(name, text, PluginJars.template()));

        assertThat(Reading.problems(flow)).isEmpty();
    }
}
