package io.millrace.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.catalog.Catalog;
import io.millrace.expr.JqExpressions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FlowReaderTest {
    static List<Path> examples() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("conf"))) {
            return files.filter(file -> file.toString().endsWith(".json"))
                    .filter(file -> !file.endsWith("millrace.json"))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void finds_nothing_wrong_with_the_examples(Path file) throws IOException {
        FlowReader reader = new FlowReader(Catalog.load(), new JqExpressions());

        CheckedFlow flow = reader.read(Reading.request(file.toString(), Files.readString(file)));

        assertThat(Reading.problems(flow)).isEmpty();
    }

    @Test
    void gives_the_engine_a_flow_of_one_stage_with_its_defaults() {
        CheckedFlow checked = Reading.checked("""
                { "source": { "lines": "urls.txt", "as": "line" }, "steps": [{ "http": "${.line}" }] }""");

        Flow flow = checked.flow(Reading.none());

        Stage stage = flow.stages().get("test");
        assertThat(checked.resourceNames()).containsExactly("http");
        assertThat(stage).isNotNull();
        assertThat(stage.source().orElseThrow().wrap()).isEqualTo("line");
        assertThat(stage.sink().orElseThrow().type().spec().name()).isEqualTo("stdout");
        assertThat(stage.concurrency()).isEqualTo(16);
        assertThat(stage.queue().bytes()).isEqualTo(64L << 20);
        assertThat(flow.onError()).isEqualTo(new OnError.DeadLetter());
    }
}
