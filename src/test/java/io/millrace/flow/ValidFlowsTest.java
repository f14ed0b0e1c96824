package io.millrace.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ValidFlowsTest {
    static List<Path> valid() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src/test/resources/flows/valid"))) {
            return files.sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("valid")
    void finds_nothing_wrong(Path file) throws IOException {
        String text = Files.readString(file);

        CheckedFlow flow = Reading.READER.read(Reading.request(file.toString(), text));

        assertThat(Reading.problems(flow)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("valid")
    void gives_the_engine_every_setting_once_resources_are_open(Path file) throws IOException {
        CheckedFlow flow = Reading.READER.read(Reading.request(file.toString(), Files.readString(file)));

        assertThatCode(() -> flow.flow(Reading.none())).doesNotThrowAnyException();
        assertThat(flow.resourceNames())
                .allSatisfy(name ->
                        assertThat(flow.resource(name, Reading.none()).name()).isEqualTo(name));
    }
}
