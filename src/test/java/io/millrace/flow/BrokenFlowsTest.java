package io.millrace.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each broken flow stands beside the lines that {@code check} prints for it. After a change of wording run this class with
 * {@code -Dflows.write=true}, and read the difference.
 */
class BrokenFlowsTest {
    private static final Path FOLDER = Path.of("src/test/resources/flows/broken");

    static List<Path> broken() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.filter(file -> file.toString().endsWith(".json"))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("broken")
    void says_what_is_wrong_and_how_to_mend_it(Path file) throws IOException {
        Path beside = file.resolveSibling(file.getFileName().toString().replace(".json", ".expected"));
        FlowReader.Request request = Reading.request(file.getFileName().toString(), Files.readString(file));

        String printed = Reading.problems(Reading.READER.read(request)) + "\n";

        if (Boolean.getBoolean("flows.write")) {
            Files.writeString(beside, printed);
        }
        assertThat(printed).isEqualTo(Files.readString(beside));
    }

    @Test
    void every_expectation_has_its_flow_and_is_not_empty() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            assertThat(files.filter(file -> file.toString().endsWith(".expected")))
                    .hasSameSizeAs(broken())
                    .allSatisfy(file -> assertThat(file).content().isNotBlank());
        }
    }
}
