package io.millrace.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.catalog.Catalog;
import io.millrace.expr.JqExpressions;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a durable flow says that it does exactly once. */
class DeliveryTest {
    private static final FlowReader READER = new FlowReader(Catalog.load(), new JqExpressions());

    private static List<String> lines(String flow) {
        CheckedFlow checked = READER.read(Reading.request(flow));
        return checked.delivery().stream().map(Delivery::toString).toList();
    }

    @Test
    void says_it_of_sources_sinks_and_steps_with_effects() {
        String flow = """
                {
                  "durable": true,
                  "functions": { "ask": [{ "http": "http://a/" }] },
                  "stages": {
                    "urls": { "source": { "lines": "urls.txt" }, "to": ["rows", "lines", "print", "none"] },
                    "rows": { "steps": [{ "call": "ask" }, { "do": [{ "exec": ["ls"] }] }, { "set": { "a": 1 } }], "sink": { "sql": { "table": "t" } } },
                    "lines": { "sink": { "csv": "out.csv" } },
                    "print": { "sink": "stdout" },
                    "none": { "sink": "discard" }
                  }
                }""";

        assertThat(lines(flow))
                .containsExactly(
                        "urls: each record of \"lines\" counts exactly once: a resumed run goes on with those that are not done",
                        "rows: \"http\" and \"exec\" act at least once for an item:"
                                + " after a crash those that had not come to their end are worked on again",
                        "rows: \"sql\" writes exactly once if its database is the store,"
                                + " as rows and progress are committed together, else at least once",
                        "lines: \"csv\" writes exactly once: after a crash its files are cut back to what is committed",
                        "print: \"stdout\" writes at least once: it takes no part in commits,"
                                + " so what went out just before a crash goes out again");
    }

    @Test
    void says_what_may_be_lost_before_it_is_kept() {
        String flow = """
                {
                  "durable": true,
                  "resources": { "web": { "http-server": {} } },
                  "stages": {
                    "in": { "source": { "http-server": "/in" }, "queue": { "durable": true }, "to": "end" },
                    "once": { "source": { "http-server": "/once" }, "queue": { "unique": ".body.id" }, "to": "end" },
                    "frames": { "source": { "tcp-server": { "port": 0 } }, "queue": { "durable": true }, "to": "end" },
                    "ticks": { "source": { "timer": "1s" }, "queue": { "durable": true }, "to": "end" },
                    "end": { "sink": "discard" }
                  }
                }""";

        assertThat(lines(flow))
                .containsExactly(
                        "in: what comes to \"http-server\" is answered when it is kept, and from then on counts exactly once;"
                                + " what is sent again counts again, unless \"unique\" tells it apart",
                        "once: what comes to \"http-server\" is answered when it is kept, and from then on counts exactly once;"
                                + " \"unique\" tells what is sent again",
                        "frames: what comes to \"tcp-server\" may be lost until it is in the durable queue, of which its sender is not told,"
                                + " and from then on counts exactly once",
                        "ticks: what comes from \"timer\" may be lost until it is in the durable queue, and from then on counts exactly once");
    }

    @Test
    void says_of_pages_that_it_hangs_on_who_gives_them() {
        String flow = """
                {
                  "durable": true,
                  "stages": {
                    "pages": { "source": { "http": { "url": "http://a/", "again": false } }, "to": "end" },
                    "polled": { "source": { "http": { "url": "http://a/", "again": "5s" } }, "queue": { "durable": true }, "to": "end" },
                    "end": { "sink": "discard" }
                  }
                }""";

        assertThat(lines(flow))
                .containsExactly(
                        "pages: each record of \"http\" counts exactly once: a resumed run goes on with those that are not done;"
                                + " if records have moved between its pages meanwhile, some come twice or not at all",
                        "polled: what comes from \"http\" may be lost until it is in the durable queue, and from then on counts exactly once");
    }

    @Test
    void a_file_that_would_be_appended_to_is_refused_where_it_is_said() {
        String flow = """
                { "durable": true, "source": { "values": [1] }, "sink": { "jsonl": { "path": "out.jsonl", "mode": "append"%s } } }""";

        assertThat(READER.read(Reading.request(flow.formatted(""))).problems())
                .singleElement()
                .asString()
                .contains("/sink/jsonl/mode: A durable run appends to no file that it has not begun itself");
        assertThat(READER.read(Reading.request(flow.formatted(", \"roll\": { \"size\": \"1MB\" }")))
                        .problems())
                .isEmpty();
        assertThat(READER.read(Reading.request(flow.formatted("").replace("true", "false")))
                        .problems())
                .isEmpty();
    }

    @Test
    void what_is_polled_needs_a_durable_queue() {
        String flow = "{ \"durable\": true, \"source\": { \"http\": { \"url\": \"http://a/\", \"again\": true } } }";

        assertThat(READER.read(Reading.request(flow)).problems())
                .singleElement()
                .asString()
                .endsWith(
                        "/source: What comes from \"http\" with \"again\" cannot be read again after a crash, so a durable flow has to"
                                + " keep it first. Add \"queue\": {\"durable\": true} to this stage, or change \"again\".");
    }

    @Test
    void says_nothing_of_a_plain_flow() {
        assertThat(lines("{ \"source\": { \"values\": [1] } }")).isEmpty();
    }
}
