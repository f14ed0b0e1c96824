package io.millrace.flow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigInteger;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ParamsTest {
    private static String flow(String params) {
        return "{ \"params\": " + params + ", \"source\": { \"values\": [1] } }";
    }

    private static JsonNode value(String param, String given) {
        CheckedFlow flow =
                Reading.READER.read(Reading.withParams(flow("{ \"p\": " + param + " }"), Map.of("p", given)));
        assertThat(Reading.problems(flow)).isEmpty();
        return flow.variables().get("params").path("p");
    }

    @Test
    void gives_values_the_type_that_is_declared() {
        assertThat(value("{ \"type\": \"string\" }", "12").textValue()).isEqualTo("12");
        assertThat(value("{ \"type\": \"integer\" }", "123456789012345678901234567890")
                        .bigIntegerValue())
                .isEqualTo(new BigInteger("123456789012345678901234567890"));
        assertThat(value("{ \"type\": \"number\" }", "0.10").decimalValue().toPlainString())
                .isEqualTo("0.10");
        assertThat(value("{ \"type\": \"boolean\" }", "false").isBoolean()).isTrue();
        assertThat(value("{ \"type\": \"duration\" }", "10s").textValue()).isEqualTo("10s");
        assertThat(value("{ \"type\": \"json\" }", "{\"a\": [1]}").at("/a/0").intValue())
                .isEqualTo(1);
        assertThat(value("{}", "plain").textValue()).isEqualTo("plain");
    }

    @ParameterizedTest
    @CsvSource({
        "integer, ten",
        "integer, 1.5",
        "number, one",
        "boolean, yes",
        "duration, 10 parrots",
        "json, {",
        "json, 1 2"
    })
    void tells_what_was_given_where_it_does_not_fit(String type, String given) {
        String text = flow("{ \"p\": { \"type\": \"" + type + "\" } }");

        CheckedFlow flow = Reading.READER.read(Reading.withParams(text, Map.of("p", given)));

        assertThat(Reading.problems(flow)).startsWith("test.json:1:20: /params/p: -p p=" + given + " is not ");
    }

    @Test
    void knows_the_parameters_that_there_are() {
        String text = flow("{ \"count\": { \"default\": \"3\" } }");

        CheckedFlow flow = Reading.READER.read(Reading.withParams(text, Map.of("cuont", "4")));

        assertThat(Reading.problems(flow))
                .isEqualTo("test.json:1:13: /params: There is no parameter \"cuont\", but -p gives it a value."
                        + " Did you mean \"count\"?");
    }

    @Test
    void lets_a_default_read_the_environment_and_parameters_before_it() {
        CheckedFlow flow = Reading.checked(
                flow(
                        "{ \"dir\": { \"default\": \"${$env.HOME}/out\" }, \"file\": { \"default\": \"${$params.dir}/a.txt\" } }"));

        assertThat(Reading.problems(flow)).isEmpty();
        assertThat(flow.variables().get("params").path("file").textValue()).isEqualTo("/home/ada/out/a.txt");
    }

    @Test
    void asks_for_a_value_when_run_but_not_when_only_checked() {
        String text =
                "{ \"params\": { \"n\": { \"type\": \"integer\" } }, \"source\": { \"range\": \"${$params.n}\" } }";
        FlowReader.Request run = Reading.request(text);
        FlowReader.Request check =
                new FlowReader.Request(run.file(), text, Map.of(), Map.of(), Map.of(), "", run.workingDirectory());

        assertThat(Reading.problems(Reading.READER.read(run))).contains("The parameter \"n\" has no value.");
        assertThat(Reading.problems(Reading.READER.read(check))).isEmpty();
    }

    @Test
    void keeps_secrets_out_of_every_message() {
        String text =
                "{ \"params\": { \"key\": { \"type\": \"secret\" } }, \"source\": { \"range\": \"${$params.key}\" } }";

        CheckedFlow flow = Reading.READER.read(Reading.withParams(text, Map.of("key", "hunter2")));

        assertThat(flow.secrets()).containsExactly("hunter2");
        assertThat(Reading.problems(flow))
                .contains("\"***\" is not a whole number")
                .doesNotContain("hunter2");
    }
}
