package io.millrace.flow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ContainerNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever is done to a flow: the reader answers with problems, inside the file, and never with an exception. */
class MutationTest {
    private static final int ROUNDS = 100;
    private static final JsonMapper JSONC = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS)
            .enable(JsonReadFeature.ALLOW_TRAILING_COMMA)
            .build();
    private static final List<String> TEXTS = List.of(
            "", ".", "${", "${.x", "${.x}", "${$params.no}", "$${", "discard", "stdout", "1/s", "10s", "-1", "é\u0000");

    static List<Path> flows() throws IOException {
        List<Path> flows = new ArrayList<>(FlowReaderTest.examples());
        flows.addAll(ValidFlowsTest.valid());
        return flows;
    }

    @ParameterizedTest
    @MethodSource("flows")
    void answers_any_change_of_values_with_problems_only(Path file) throws IOException {
        String text = Files.readString(file);
        Random random = new Random(text.hashCode());

        for (int round = 0; round < ROUNDS; round++) {
            JsonNode flow = JSONC.readTree(text);
            for (int change = random.nextInt(3); change >= 0; change--) {
                mutate(flow, random);
            }
            check(flow.toPrettyString());
        }
    }

    @ParameterizedTest
    @MethodSource("flows")
    void answers_any_change_of_characters_with_problems_only(Path file) throws IOException {
        String text = Files.readString(file);
        Random random = new Random(text.hashCode());

        for (int round = 0; round < ROUNDS; round++) {
            int at = random.nextInt(text.length());
            String rest = random.nextBoolean() ? "" : text.substring(Math.min(text.length(), at + 1));
            check(text.substring(0, at)
                    + (random.nextBoolean() ? "" : "{}[]\",:\\/*\n'0".charAt(random.nextInt(13)))
                    + rest);
        }
    }

    private static void check(String text) {
        CheckedFlow flow = Reading.checked(text);

        List<String> lines = text.split("\n", -1).length == 0 ? List.of("") : List.of(text.split("\n", -1));
        assertThat(flow.problems()).allSatisfy(problem -> {
            assertThat(problem.line()).isBetween(1, lines.size());
            assertThat(problem.column())
                    .isBetween(1, Math.max(1, lines.get(problem.line() - 1).length() + 1));
            assertThat(problem.what()).isNotBlank();
        });
        if (flow.isValid()) {
            start(flow);
        }
    }

    /** A flow without errors starts, or tells what turned out to be wrong. */
    private static void start(CheckedFlow flow) {
        try {
            assertThat(flow.flow(Reading.none()).stages()).isNotEmpty();
        } catch (FlowException wrongNow) {
            assertThat(wrongNow.problems()).isNotEmpty();
        }
    }

    private static void mutate(JsonNode flow, Random random) {
        List<ContainerNode<?>> containers = new ArrayList<>();
        collect(flow, containers);
        ContainerNode<?> at = containers.get(random.nextInt(containers.size()));
        if (at instanceof ObjectNode object && !object.isEmpty()) {
            List<String> names = new ArrayList<>();
            object.fieldNames().forEachRemaining(names::add);
            change(object, names.get(random.nextInt(names.size())), random);
        } else if (at instanceof ArrayNode array && !array.isEmpty()) {
            array.set(random.nextInt(array.size()), value(random));
        }
    }

    private static void change(ObjectNode object, String name, Random random) {
        switch (random.nextInt(4)) {
            case 0 -> object.remove(name);
            case 1 -> object.set(name + "x", object.remove(name));
            case 2 -> object.set(new StringBuilder(name).reverse().toString(), object.get(name));
            default -> object.set(name, value(random));
        }
    }

    private static JsonNode value(Random random) {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        return switch (random.nextInt(8)) {
            case 0 -> nodes.nullNode();
            case 1 -> nodes.booleanNode(random.nextBoolean());
            case 2 -> nodes.numberNode(random.nextInt(2000) - 1000);
            case 3 -> nodes.numberNode(random.nextDouble() * 1e300);
            case 4 -> nodes.arrayNode().add(1).add("x").addObject().put("log", "y");
            case 5 -> nodes.objectNode().put("when", ".a").put("to", "b");
            default -> nodes.textNode(TEXTS.get(random.nextInt(TEXTS.size())));
        };
    }

    private static void collect(JsonNode node, List<ContainerNode<?>> into) {
        if (node instanceof ContainerNode<?> container) {
            into.add(container);
            node.forEach(child -> collect(child, into));
        }
    }
}
