package io.millrace.flow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.catalog.Catalog;
import io.millrace.expr.JqExpressions;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What may change while a durable run is unfinished. */
class ShapeTest {
    private static final FlowReader READER = new FlowReader(Catalog.load(), new JqExpressions());
    private static final String CRAWL = """
            {
              "resources": { "db": { "postgres": {} } },
              "functions": { "note": [{ "log": "x" }] },
              "stages": {
                "urls": { "source": { "lines": { "path": "urls.txt" } }, "to": "pages" },
                "ticks": { "source": { "timer": "1s" }, "to": "pages" },
                "pages": {
                  "queue": { "unique": ".url", "key": ".host" },
                  "steps": [{ "set": { "seen": true } }, { "call": "note" }],
                  "to": ["rows", "lines"]
                },
                "rows": { "sink": { "sql": { "table": "pages", "key": ["url"] } } },
                "lines": { "sink": { "jsonl": "out/pages.jsonl" } }
              }
            }""";

    private static ObjectNode shape(String flow) {
        return READER.read(Reading.request(flow)).shape();
    }

    private static Shape.Changes changed(String from, String to, String... holding) {
        assertThat(CRAWL).contains(from);
        return Shape.changes(shape(CRAWL), shape(CRAWL.replace(from, to)), Set.of(holding));
    }

    private static void refuses(String from, String to, String... clauses) {
        assertThat(changed(from, to).refused()).containsExactly(clauses);
    }

    private static void allows(String from, String to, String... clauses) {
        Shape.Changes changes = changed(from, to);
        assertThat(changes.refused()).isEmpty();
        assertThat(changes.harmless()).containsExactly(clauses);
    }

    @Test
    void is_the_same_for_a_flow_that_is_written_otherwise() {
        allows("{ \"path\": \"urls.txt\" }", "\"urls.txt\"");
        allows("\"table\": \"pages\", \"key\": [\"url\"]", "\"key\": [\"url\"], \"table\": \"pages\"");
        allows("\"unique\": \".url\"", "\"unique\": { \"by\": \".url\" }");
        allows("[\"rows\", \"lines\"]", "[\"lines\", \"rows\"]");
    }

    @Test
    void does_not_hold_what_sets_the_pace() {
        allows(
                "\"queue\": { \"unique\"",
                "\"instances\": 4, \"concurrency\": 9, \"rate\": \"5/s\", \"timeout\": \"9s\","
                        + " \"retry\": {}, \"queue\": { \"capacity\": 9, \"unique\"");
        allows("\"stages\":", "\"limits\": { \"items\": 5 }, \"stages\":");
        allows("\"rows\": { ", "\"rows\": { \"batch\": { \"items\": 5 }, ");
    }

    @Test
    void holds_of_pages_what_decides_which_they_are() {
        String pages = "\"http\": { \"url\": \"http://a/\", \"next\": \".next\" }";
        String flow = CRAWL.replace("\"lines\": { \"path\": \"urls.txt\" }", pages);

        Shape.Changes renewed = Shape.changes(
                shape(flow),
                shape(flow.replace(
                        pages,
                        "\"http\": { \"url\": \"http://a/\", \"next\": \".next\","
                                + " \"headers\": { \"key\": \"b\" }, \"retry\": { \"attempts\": 9 } }")),
                Set.of());
        Shape.Changes other = Shape.changes(shape(flow), shape(flow.replace(".next", ".then")), Set.of());

        assertThat(renewed.refused()).isEmpty();
        assertThat(renewed.harmless())
                .containsExactly(
                        "\"headers\" of the source of the stage \"urls\" has changed",
                        "\"retry\" of the source of the stage \"urls\" has changed");
        assertThat(other.refused()).containsExactly("\"next\" of the source of the stage \"urls\" has changed");
    }

    @Test
    void names_what_has_changed_and_does_no_harm() {
        allows("\"seen\": true", "\"seen\": false", "the steps of the stage \"pages\" have changed");
        allows("\"log\": \"x\"", "\"log\": \"y\"", "the functions have changed");
        allows("\"postgres\": {}", "\"postgres\": { \"pool\": 3 }", "the resource \"db\" has changed");
        allows("\"key\": [\"url\"]", "\"key\": [\"id\"]", "\"key\" of the sink of the stage \"rows\" has changed");
        allows(
                "\"timer\": \"1s\"",
                "\"timer\": { \"every\": \"2s\" }",
                "\"every\" of the source of the stage \"ticks\" has changed");
        allows(
                "\"lines\": { \"sink\"",
                "\"more\": { \"source\": { \"lines\": \"more.txt\" }, \"to\": \"pages\" }, \"lines\": { \"sink\"",
                "the stage \"more\" is new");
    }

    @Test
    void refuses_another_source() {
        refuses("urls.txt", "others.txt", "\"path\" of the source of the stage \"urls\" has changed");
        refuses(
                "\"lines\": { \"path\"",
                "\"jsonl\": { \"path\"",
                "the source of the stage \"urls\" is \"jsonl\", and was \"lines\"");
        refuses(
                "\"urls\": { \"source\": { \"lines\": { \"path\": \"urls.txt\" } }, \"to\": \"pages\" },",
                "",
                "the stage \"urls\" is gone, which read \"lines\"");
    }

    @Test
    void refuses_another_place_to_write_to() {
        refuses("out/pages.jsonl", "out/p.jsonl", "\"path\" of the sink of the stage \"lines\" has changed");
        refuses("\"table\": \"pages\"", "\"table\": \"p\"", "\"table\" of the sink of the stage \"rows\" has changed");
        refuses(
                "{ \"jsonl\": \"out/pages.jsonl\" }",
                "\"discard\"",
                "the sink of the stage \"lines\" is \"discard\", and was \"jsonl\"");
    }

    @Test
    void takes_another_sink_besides_only_if_it_is_accepted() {
        Shape.Changes whole = Shape.changes(
                shape(CRAWL),
                shape(CRAWL.replace("[\"rows\", \"lines\"]", "[\"rows\", \"lines\", \"more\"]")
                        .replace("\"lines\": { \"sink\"", "\"more\": { \"sink\": \"stdout\" }, \"lines\": { \"sink\"")),
                Set.of());

        assertThat(whole.refused()).isEmpty();
        assertThat(whole.added())
                .containsExactly(
                        "the stage \"more\" is new, and its sink would lack what is done already",
                        "results of the stage \"pages\" go to \"lines\" and \"more\" and \"rows\", and went to \"lines\" and \"rows\"");
        assertThat(whole.areRefused(false)).isTrue();
        assertThat(whole.areRefused(true)).isFalse();
        assertThat(whole.refusal(17))
                .endsWith(
                        ". Go on with --accept-changes: what is new gets what is done from now on; or begin anew with --fresh.");
    }

    @Test
    void does_not_send_results_to_another_stage_that_was_there_even_if_it_is_accepted() {
        Shape.Changes changes = changed(
                "\"source\": { \"timer\": \"1s\" }, \"to\": \"pages\"",
                "\"source\": { \"timer\": \"1s\" }, \"to\": [\"pages\", \"rows\"]");

        assertThat(changes.areRefused(true)).isTrue();
    }

    @Test
    void refuses_another_way_through_the_flow() {
        refuses(
                "[\"rows\", \"lines\"]",
                "\"rows\"",
                "results of the stage \"pages\" go to \"rows\", and went to \"lines\" and \"rows\"");
    }

    @Test
    void refuses_another_key_only_while_the_queue_holds_items() {
        Shape.Changes idle = changed("\".host\"", "\".domain\"");
        Shape.Changes busy = changed("\".host\"", "\".domain\"", "pages");

        assertThat(idle.areRefused(false)).isFalse();
        assertThat(idle.harmless()).containsExactly("\"key\" of the queue of the stage \"pages\" has changed");
        assertThat(busy.refused())
                .containsExactly("\"key\" of the queue of the stage \"pages\" has changed, and it still holds items");
    }

    @Test
    void refuses_to_lose_a_stage_whose_queue_holds_items() {
        ObjectNode before = shape(CRAWL);
        ObjectNode after = before.deepCopy();
        after.withObject("stages").remove("pages");

        assertThat(Shape.changes(before, after, Set.of()).harmless()).containsExactly("the stage \"pages\" is gone");
        assertThat(Shape.changes(before, after, Set.of("pages")).refused())
                .containsExactly("the stage \"pages\" is gone, and its queue still holds items");
    }

    @Test
    void says_how_to_mend_it() {
        Shape.Changes changes = changed("urls.txt", "others.txt");

        assertThat(changes.refusal(17))
                .isEqualTo("run 17 is unfinished, and what it has done does not fit the flow any more:"
                        + " \"path\" of the source of the stage \"urls\" has changed."
                        + " Finish it with the flow as it was, or begin anew with --fresh.");
    }

    @Test
    void compares_nothing_with_what_another_version_kept() {
        ObjectNode other = shape(CRAWL).put("version", 99);

        assertThat(Shape.changes(other, shape(CRAWL), Set.of()).refused()).isEmpty();
    }

    @Test
    void knows_the_sink_of_a_flow_that_names_none() {
        String plain = "{ \"source\": { \"values\": [1] } }";
        String written = "{ \"source\": { \"values\": [1] }, \"sink\": \"stdout\" }";

        assertThat(shape(plain)).isEqualTo(shape(written));
        assertThat(shape(plain).at("/stages/test/sink/is").textValue()).isEqualTo("stdout");
    }

    @Test
    void shows_no_setting() {
        assertThat(shape(CRAWL).toString()).doesNotContain("urls.txt", "out/pages", ".host", "seen");
    }

    @Test
    void tells_params_apart_but_for_secrets_which_may_be_renewed() {
        String flow = """
                {
                  "params": { "token": { "type": "secret" }, "n": { "type": "integer", "default": 1 } },
                  "source": { "values": [1] }
                }""";
        String one = READER.read(Reading.withParams(flow, Map.of("token", "a"))).paramsHash();

        assertThat(one).matches("[0-9a-f]{64}");
        assertThat(READER.read(Reading.withParams(flow, Map.of("token", "a", "n", "1")))
                        .paramsHash())
                .isEqualTo(one);
        assertThat(READER.read(Reading.withParams(flow, Map.of("token", "a", "n", "2")))
                        .paramsHash())
                .isNotEqualTo(one);
        assertThat(READER.read(Reading.withParams(flow, Map.of("token", "b"))).paramsHash())
                .isEqualTo(one);
    }
}
