package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GraphCommandTest {
    private static final String CRAWL = """
            {
              "functions": { "more": [{ "emit": "lists" }] },
              "stages": {
                "start": { "source": { "values": [1] }, "to": [{ "when": ".ok == \\"y\\"", "to": "lists" }, { "to": "discard" }] },
                "lists": {
                  "steps": [
                    { "map": { "emit": { "to": "no-stage" } } },
                    { "do": [{ "call": "more" }] },
                    { "switch": [{ "when": ".x", "do": [{ "emit": { "to": "books", "item": {} } }] }] }
                  ],
                  "to": ["books"]
                },
                "books": { "sink": { "sql": { "table": "books" } } },
                "dearest": { "after": ["books"], "source": { "sql": {} }, "sink": "stdout" }
              }
            }
            """;

    @TempDir
    Path folder;

    private Bench bench;

    @BeforeEach
    void set_up() {
        bench = new Bench(folder);
        bench.file("crawl.json", CRAWL);
    }

    @Test
    void mermaid_shows_results_as_lines_emits_as_dashes_and_after_as_dots() {
        int code = bench.run("graph", "crawl.json");

        assertThat(code).isZero();
        assertThat(bench.out().lines())
                .containsExactly(
                        "flowchart LR",
                        "  s1[\"from values<br>start\"]",
                        "  s2[\"lists\"]",
                        "  s3[\"books<br>into sql\"]",
                        "  s4[\"from sql<br>dearest<br>into stdout\"]",
                        "  s1 -->|\".ok == #quot;y#quot;\"| s2",
                        "  s2 --> s3",
                        "  s2 -->|\"emit\"| s2",
                        "  s2 -->|\"emit\"| s3",
                        "  s3 -.->|\"after\"| s4",
                        "  linkStyle 2 stroke-dasharray: 6 4",
                        "  linkStyle 3 stroke-dasharray: 6 4");
    }

    @Test
    void dot_says_the_same() {
        int code = bench.run("graph", "crawl.json", "--format", "dot");

        assertThat(code).isZero();
        assertThat(bench.out().lines())
                .startsWith("digraph \"crawl\" {")
                .contains(
                        "  \"dearest\" [label=\"from sql\\ndearest\\ninto stdout\"];",
                        "  \"start\" -> \"lists\" [style=solid, label=\".ok == \\\"y\\\"\"];",
                        "  \"lists\" -> \"lists\" [style=dashed, label=\"emit\"];",
                        "  \"books\" -> \"dearest\" [style=dotted, label=\"after\"];")
                .endsWith("}");
    }

    @Test
    void a_flow_without_stages_is_one_node() {
        bench.file("short.json", "{ \"source\": { \"lines\": \"a.txt\" }, \"sink\": \"stdout\" }");

        bench.run("graph", "short.json");

        assertThat(bench.out()).isEqualTo("flowchart LR\n  s1[\"from lines<br>main<br>into stdout\"]\n");
    }
}
