package io.millrace.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.flow.TestComponents;
import org.junit.jupiter.api.Test;

class ReferencePageTest {
    private final ReferencePage page =
            new ReferencePage(TestComponents.all().step("http").orElseThrow().spec());

    @Test
    void shows_settings_with_type_default_and_meaning() {
        String text = page.text();

        assertThat(text).startsWith("http (step)\n  Sends a request.\n");
        assertThat(text)
                .containsPattern("url +required +The address\\.\\n +\\(a string, as \"https://example.org/\"\\)");
        assertThat(text).containsPattern("method +\"GET\" +The method\\.");
        assertThat(text).contains("{\"http\": …} means {\"http\": {\"url\": …}}.");
        assertThat(text).contains("Returns\n  {status, headers, body, url, bytes, elapsedMs}");
        assertThat(text).contains("Example\n  {\n    \"source\"");
        assertThat(text.lines()).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(100));
    }

    @Test
    void shows_the_same_as_markdown() {
        String text = page.markdown();

        assertThat(text).startsWith("## http (step)\n\nSends a request.\n");
        assertThat(text).contains("| `maxBody` | a size such as 64KB, 10MB or 1GB | `\"10MB\"` | The largest body. |");
        assertThat(text).contains("```jsonc\n{\n");
    }
}
