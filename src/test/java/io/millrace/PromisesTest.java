package io.millrace;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.catalog.Catalog;
import io.millrace.spi.Appending;
import io.millrace.spi.Replayable;
import io.millrace.spi.ResourceType;
import io.millrace.spi.Sink;
import io.millrace.spi.SinkType;
import io.millrace.spi.Source;
import io.millrace.spi.SourceType;
import io.millrace.spi.Spec;
import io.millrace.spi.Transactional;
import io.millrace.testkit.Await;
import io.millrace.testkit.TestAssembly;
import io.vertx.core.Vertx;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a component declares of itself, and {@code check} promises of it, is what it can do. A new source or sink belongs into these tables. */
class PromisesTest {
    private static final Map<String, String> SOURCES = Map.ofEntries(
            Map.entry("values", "[1]"),
            Map.entry("range", "3"),
            Map.entry("timer", "\"1s\""),
            Map.entry("lines", "\"a.txt\""),
            Map.entry("jsonl", "\"a.jsonl\""),
            Map.entry("csv", "\"a.csv\""),
            Map.entry("files", "\"*.txt\""),
            Map.entry("stdin", "{}"),
            Map.entry("sql", "{\"query\": \"SELECT 1 AS n\", \"key\": \"n\"}"),
            Map.entry("postgres-notify", "\"news\""),
            Map.entry("http", "\"http://a/\""),
            Map.entry("sitemap", "\"http://a/\""),
            Map.entry("http-server", "\"/in\""),
            Map.entry("tcp-server", "{\"port\": 0}"),
            Map.entry("exec", "[\"ls\"]"));
    private static final Map<String, String> SINKS = Map.of(
            "stdout", "{}",
            "discard", "{}",
            "jsonl", "\"a.jsonl\"",
            "csv", "\"a.csv\"",
            "file", "\"a.txt\"",
            "sql", "{\"table\": \"t\"}",
            "tcp", "{\"host\": \"localhost\", \"port\": 1}",
            "exec", "[\"cat\"]");

    private final Catalog catalog = Catalog.load();
    private final Vertx vertx = Vertx.vertx();
    private final TestAssembly assembly = new TestAssembly(vertx);

    @AfterEach
    void close() {
        Await.get(vertx.close());
    }

    private void resources() {
        for (String kind : Set.of("postgres", "http", "http-server")) {
            ResourceType type = catalog.resource(kind).orElseThrow();
            assembly.with(kind, type.build(assembly.settings(type.spec(), "{}"), assembly));
        }
    }

    @Test
    void sources_that_say_so_can_go_on_in_another_process() {
        resources();
        assertThat(SOURCES.keySet()).containsExactlyInAnyOrderElementsOf(catalog.names(Spec.Kind.SOURCE));
        SOURCES.forEach((name, settings) -> {
            SourceType type = catalog.source(name).orElseThrow();
            Source source = assembly.source(type, settings);
            assertThat(source instanceof Replayable)
                    .as(name)
                    .isEqualTo(type.spec().replayable(assembly.settings(type.spec(), settings)));
        });
    }

    @Test
    void sinks_that_say_so_take_part_in_commits() {
        resources();
        assertThat(SINKS.keySet()).containsExactlyInAnyOrderElementsOf(catalog.names(Spec.Kind.SINK));
        SINKS.forEach((name, settings) -> {
            SinkType type = catalog.sink(name).orElseThrow();
            Sink sink = assembly.sink(type, settings);
            assertThat(sink instanceof Appending)
                    .as(name)
                    .isEqualTo(type.spec().appendsTo().isPresent());
            assertThat(sink instanceof Transactional)
                    .as(name)
                    .isEqualTo(type.spec().transactional());
        });
    }
}
