package io.millrace.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.spi.Failure;
import io.millrace.spi.Field;
import io.millrace.spi.Settings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the engine is given once resources are open. */
class StartingTest {
    private static final String WITH_SERVER = """
            {
              "resources": {
                "shop": { "http-server": { "files": "site" } },
                "web": { "http": { "perHost": "${$resources.shop.port}" } }
              },
              "source": { "lines": "${$resources.shop.url}/urls.txt" },
              "steps": [{ "http": "${.value}" }, { "sql": "SELECT 1" }]
            }""";

    private static ObjectNode openAt(int port) {
        ObjectNode resources = JsonNodeFactory.instance.objectNode();
        resources.putObject("shop").put("url", "http://127.0.0.1:9").put("port", port);
        return resources;
    }

    private static Object value(Settings settings, String name) {
        Field<?> field = settings.spec().fields().stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow();
        return settings.get(field);
    }

    @Test
    void opens_resources_in_the_order_of_the_file_and_undeclared_ones_last() {
        CheckedFlow flow = Reading.checked(WITH_SERVER);

        assertThat(Reading.problems(flow)).isEmpty();
        assertThat(flow.resourceNames()).containsExactly("shop", "web", "postgres");
        assertThat(flow.flow(openAt(9)).resources().keySet()).containsExactly("shop", "web", "postgres");
    }

    @Test
    void gives_settings_the_values_that_open_resources_show() {
        CheckedFlow flow = Reading.checked(WITH_SERVER);

        Flow.ResourceDef web = flow.resource("web", openAt(7));
        Flow started = flow.flow(openAt(7));

        assertThat(value(web.settings(), "perHost")).isEqualTo(7);
        Settings lines = started.stages().get("test").source().orElseThrow().settings();
        assertThat(value(lines, "path")).isEqualTo("http://127.0.0.1:9/urls.txt");
    }

    @Test
    void refuses_a_value_that_turns_out_to_be_wrong() {
        CheckedFlow flow = Reading.checked(WITH_SERVER);

        assertThatThrownBy(() -> flow.resource("web", openAt(0)))
                .isInstanceOf(FlowException.class)
                .hasMessage("test.json:4:35: /resources/web/http/perHost: 0 is out of bounds."
                        + " Write a whole number from 1 to 100000.");
    }

    @Test
    void names_an_undeclared_resource_beside_one_that_took_its_kind_as_name() {
        CheckedFlow flow = Reading.checked("""
                {
                  "resources": { "http": { "postgres": {} } },
                  "source": { "values": [1] },
                  "steps": [{ "http": "http://a/" }, { "sql": "SELECT 1" }]
                }""");

        assertThat(flow.resourceNames()).containsExactly("http", "http-default");
        assertThat(flow.resource("http-default", Reading.none()).type().spec().name())
                .isEqualTo("http");
    }

    @Test
    void reads_modifiers_and_their_defaults() {
        Flow flow = Reading.flow("""
                {
                  "source": { "values": [1] },
                  "workers": { "cpu": {} },
                  "steps": [
                    {
                      "http": "http://a/", "name": "get", "as": "page", "when": ".ok", "timeout": "5s",
                      "retry": { "on": ["TIMEOUT", 429, "5xx"] }, "onError": [{ "log": "x" }], "finally": [{ "log": "y" }]
                    },
                    { "html": { "text": "x", "select": {} } },
                    { "html": { "text": "x", "select": {} }, "blocking": false },
                    { "log": "x", "blocking": "cpu", "as": null },
                    { "log": "x", "as": ".", "onError": "stop" }
                  ]
                }""");

        List<StepDef> steps = flow.stages().get("test").steps().list();

        Modifiers get = steps.get(0).modifiers();
        assertThat(steps.get(0).label()).isEqualTo("get");
        assertThat(steps.get(0).pointer()).isEqualTo("/steps/0");
        assertThat(get.as()).contains(new Modifiers.As.FieldNamed("page"));
        assertThat(get.timeout().orElseThrow().isLiteral()).isTrue();
        Retry retry = get.retry().orElseThrow();
        assertThat(retry.attempts()).isEqualTo(3);
        assertThat(retry.maxBackoff()).isEqualTo(Duration.ofSeconds(30));
        assertThat(retry.covers(Failure.of(Failure.Kind.TIMEOUT, "late"))).isTrue();
        assertThat(retry.covers(Failure.of(Failure.Kind.BAD_DATA, "bad"))).isFalse();
        assertThat(get.ensure().orElseThrow().size()).isEqualTo(1);
        assertThat(steps.get(1).modifiers().blocking()).contains("default");
        assertThat(steps.get(2).modifiers().blocking()).isEmpty();
        assertThat(steps.get(3).modifiers().blocking()).contains("cpu");
        assertThat(steps.get(3).modifiers().as()).contains(new Modifiers.As.Nowhere());
        assertThat(steps.get(4).modifiers().as()).contains(new Modifiers.As.Document());
        assertThat(steps.get(4).modifiers().onError()).contains(new OnError.Stop());
    }

    @Test
    void keeps_on_error_of_a_single_stage_for_the_flow() {
        Flow flow = Reading.flow("""
                { "source": { "values": [1] }, "onError": "drop", "timeout": "5s" }""");

        assertThat(flow.onError()).isEqualTo(new OnError.Drop());
        assertThat(flow.stages().get("test").modifiers().onError()).isEmpty();
        assertThat(flow.stages().get("test").modifiers().timeout()).isPresent();
    }

    @Test
    void reads_the_three_forms_of_to() {
        Flow flow = Reading.flow("""
                {
                  "stages": {
                    "a": { "source": { "values": [1] }, "to": "z" },
                    "b": { "source": { "values": [1] }, "to": ["z", "y"] },
                    "c": { "source": { "values": [1] }, "to": [{ "when": ".x", "to": "z" }, { "to": "discard" }] },
                    "d": { "source": { "values": [1] }, "to": "discard" },
                    "y": { "sink": "discard" },
                    "z": { "sink": "discard" }
                  }
                }""");

        assertThat(flow.stages().get("a").to()).isEqualTo(new To.Stages(List.of("z")));
        assertThat(flow.stages().get("b").to().targets()).containsExactly("z", "y");
        To.Rules rules = (To.Rules) flow.stages().get("c").to();
        assertThat(rules.rules()).hasSize(2);
        assertThat(rules.rules().get(0).when()).isPresent();
        assertThat(rules.rules().get(1)).isEqualTo(new To.Rule(Optional.empty(), Optional.empty()));
        assertThat(flow.stages().get("d").to())
                .isEqualTo(new To.Rules(List.of(rules.rules().get(1))));
    }

    @Test
    void reads_queue_rate_batch_and_limits() {
        Flow flow = Reading.flow("""
                {
                  "source": { "values": [1] },
                  "queue": { "capacity": 5, "bytes": "1KB", "unique": ".url", "key": ".host" },
                  "rate": { "limit": "10/m", "burst": 4 },
                  "batch": { "items": 7, "wait": "1s" },
                  "instances": 20,
                  "limits": { "time": "1m", "items": 9, "failures": "2.5%" }
                }""");

        Stage stage = flow.stages().get("test");
        assertThat(stage.queue().capacity()).isEqualTo(5);
        assertThat(stage.queue().bytes()).isEqualTo(1024);
        assertThat(stage.queue().unique()).isPresent();
        assertThat(stage.queue().key()).isPresent();
        assertThat(stage.rate().orElseThrow().rate().per()).isEqualTo(Duration.ofMinutes(1));
        assertThat(stage.rate().orElseThrow().burst()).isEqualTo(4);
        assertThat(stage.sink().orElseThrow().batching())
                .isEqualTo(new Stage.Batching(7, 8L << 20, Duration.ofSeconds(1)));
        assertThat(stage.concurrency()).isEqualTo(20);
        assertThat(flow.limits().time()).contains(Duration.ofMinutes(1));
        assertThat(flow.limits().items()).hasValue(9);
        assertThat(flow.limits().failuresPercent()).hasValue(2.5);
    }

    @Test
    void keeps_queues_of_a_durable_flow_that_must_not_forget() {
        String text = """
                {
                  "durable": true,
                  "stages": {
                    "a": { "source": { "values": [1] }, "to": "b" },
                    "b": { "queue": { "unique": { "by": ".url", "for": "30d" } }, "to": "c" },
                    "c": { "steps": [{ "emit": { "to": "d" } }], "sink": "discard" },
                    "d": { "queue": { "durable": false }, "to": "c" },
                    "e": { "source": { "values": [1] }, "queue": { "durable": true }, "sink": "discard" }
                  }
                }""";

        Flow durable = Reading.flow(text);
        Flow plain = Reading.flow(text.replace("\"durable\": true,\n", ""));

        assertThat(durable.durable()).isTrue();
        assertThat(durable.store()).isEmpty();
        assertThat(kept(durable)).containsExactly("b", "c", "e");
        assertThat(durable.stage("b").queue().uniqueFor()).contains(Duration.ofDays(30));
        assertThat(plain.durable()).isFalse();
        assertThat(kept(plain)).containsExactly("e");
    }

    private static List<String> kept(Flow flow) {
        return flow.stages().values().stream()
                .filter(stage -> stage.queue().durable())
                .map(Stage::name)
                .toList();
    }

    @Test
    void keeps_a_durable_flow_in_the_resource_that_it_names() {
        CheckedFlow checked = Reading.checked("""
                {
                  "durable": "db",
                  "resources": { "db": { "postgres": {} }, "other": { "http": {} } },
                  "source": { "values": [1] }
                }""");

        assertThat(Reading.problems(checked)).contains("\"other\" is not used").doesNotContain("\"db\"");
        assertThat(checked.durable()).isTrue();
        assertThat(checked.flow(Reading.none()).store()).contains("db");
    }

    @Test
    void shows_run_with_the_folder_of_the_file() {
        CheckedFlow flow =
                Reading.READER.read(Reading.request("conf/deep/scrape.v2.json", "{ \"source\": { \"values\": [1] } }"));

        ObjectNode run = flow.variables().get("run");
        assertThat(run.path("dir").textValue()).isEqualTo("/work/conf/deep");
        assertThat(run.path("name").textValue()).isEqualTo("scrape.v2");
        assertThat(run.path("id").textValue()).isEqualTo("17");
        assertThat(run.path("startedAt").textValue()).matches("\\d{4}-.*Z");
    }

    @Test
    void cannot_start_what_is_no_json() {
        CheckedFlow flow = Reading.checked("{");

        assertThat(flow.isValid()).isFalse();
        assertThatThrownBy(() -> flow.flow(Reading.none())).isInstanceOf(FlowException.class);
    }
}
