package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.catalog.Catalog;
import io.millrace.expr.JqExpressions;
import io.millrace.flow.CheckedFlow;
import io.millrace.flow.FlowReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TemplatesTest {
    static Set<String> names() {
        return Templates.ALL.keySet();
    }

    @ParameterizedTest
    @MethodSource("names")
    void a_starter_flow_has_neither_error_nor_warning(String name) throws IOException {
        String text;
        try (InputStream file = Templates.open(name)) {
            text = new String(file.readAllBytes(), StandardCharsets.UTF_8);
        }

        CheckedFlow flow = new FlowReader(Catalog.load(), new JqExpressions())
                .read(FlowReader.Request.check(name + ".json", text, Path.of("")));

        assertThat(flow.problems()).isEmpty();
    }
}
