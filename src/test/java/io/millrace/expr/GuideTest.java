package io.millrace.expr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The guide says what is so. */
class GuideTest {
    private static final Path GUIDE = Path.of("src/docs/guides/expressions.md");

    @Test
    void every_wanted_expression_compiles() throws Exception {
        List<String> lines = Files.readAllLines(GUIDE);
        int from = lines.indexOf("## Some that are often wanted");

        List<String> expressions = lines.subList(from, lines.size()).stream()
                .filter(line -> line.startsWith("    "))
                .map(line -> line.strip().replaceFirst("\\s{3,}.*$", ""))
                .toList();

        assertThat(expressions).hasSizeGreaterThan(5);
        assertThat(expressions)
                .allSatisfy(expression -> assertThatCode(() -> Evaluating.EXPRESSIONS.jq(expression))
                        .as(expression)
                        .doesNotThrowAnyException());
    }

    @Test
    void every_function_of_the_table_gives_what_the_guide_says() throws Exception {
        List<String> rows = Files.readAllLines(GUIDE).stream()
                .filter(line -> line.matches("\\| `.*\\| `'.*\\| `\"?[^`]+\"?`.*"))
                .toList();

        assertThat(rows).hasSizeGreaterThan(3);
        for (String row : rows) {
            String[] cells = row.split("(?<!\\\\)\\|");
            String expression = cells[2].strip().replace("`", "").replace("\\|", "|");
            String result = cells[3].strip().replaceFirst("^`([^`]*)`.*$", "$1");
            assertThat(Evaluating.all(expression, "null"))
                    .as(row)
                    .isEqualTo(result.startsWith("{") ? result : "[" + result + "]");
        }
    }
}
