package io.millrace.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.millrace.flow.Language;
import io.millrace.flow.TestComponents;
import io.millrace.spi.Components;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SchemaTest {
    private static final JsonMapper JSONC = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS)
            .enable(JsonReadFeature.ALLOW_TRAILING_COMMA)
            .build();
    private static final SchemaRegistry REGISTRY =
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
    private static final JsonNode WRITTEN = written(TestComponents.all());
    private static final Schema SCHEMA = REGISTRY.getSchema(WRITTEN);

    private static JsonNode written(Components components) {
        return new SchemaWriter(components, Language.FLOW, Language.MODIFIERS).schema();
    }

    static List<Path> good() throws IOException {
        try (Stream<Path> valid = Files.list(Path.of("src/test/resources/flows/valid"))) {
            return valid.sorted().toList();
        }
    }

    static List<Path> examples() throws IOException {
        try (Stream<Path> examples = Files.list(Path.of("conf"))) {
            return examples.filter(file -> file.toString().endsWith(".json"))
                    .filter(file -> !file.endsWith("millrace.json"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void is_a_schema_of_draft_2020_12() {
        Schema meta = REGISTRY.getSchema(SchemaLocation.of("https://json-schema.org/draft/2020-12/schema"));

        assertThat(meta.validate(WRITTEN)).isEmpty();
        assertThat(meta.validate(written(Catalog.load()))).isEmpty();
        assertThat(WRITTEN.findValues("oneOf")).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("good")
    void accepts_what_the_reader_accepts(Path file) throws IOException {
        JsonNode flow = JSONC.readTree(Files.readString(file));

        assertThat(SCHEMA.validate(flow)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("examples")
    void accepts_the_examples_with_the_real_components(Path file) throws IOException {
        Schema real = REGISTRY.getSchema(written(Catalog.load()));

        List<Error> errors = real.validate(JSONC.readTree(Files.readString(file)));

        assertThat(errors).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "unknown-fields",
                "unknown-step",
                "wrong-types",
                "bad-durations-sizes-rates",
                "out-of-bounds",
                "missing-fields",
                "two-sources",
                "source-is-a-sink",
                "bad-modifiers",
                "bad-params",
                "steps-not-a-list",
                "not-an-object",
                "not-objects"
            })
    void rejects_what_the_reader_rejects(String name) throws IOException {
        JsonNode flow = JSONC.readTree(Files.readString(Path.of("src/test/resources/flows/broken", name + ".json")));

        assertThat(SCHEMA.validate(flow)).isNotEmpty();
    }

    @Test
    void gives_one_error_for_each_misspelt_name() throws IOException {
        JsonNode flow = JSONC.readTree("""
                { "source": { "vlaues": [1] }, "steps": [{ "htpp": "http://a/" }], "limits": { "tmie": "1s" } }""");

        List<Error> errors = SCHEMA.validate(flow);

        assertThat(errors)
                .hasSize(3)
                .extracting(Error::toString)
                .anyMatch(error -> error.contains("vlaues"))
                .anyMatch(error -> error.contains("htpp"))
                .anyMatch(error -> error.contains("tmie"));
    }

    @Test
    void tells_editors_what_fields_mean_and_default_to() {
        assertThat(WRITTEN.at("/properties/concurrency/description").asText()).contains("in flight");
        assertThat(WRITTEN.at("/properties/concurrency/default").intValue()).isEqualTo(16);
        assertThat(WRITTEN.at("/$defs/step/properties/http/description").asText())
                .contains("Sends a request");
        assertThat(WRITTEN.at("/$defs/step/properties/when/type").asText()).isEqualTo("string");
        assertThat(WRITTEN.at("/$defs/sink/examples"))
                .extracting(JsonNode::asText)
                .contains("stdout", "discard");
    }
}
