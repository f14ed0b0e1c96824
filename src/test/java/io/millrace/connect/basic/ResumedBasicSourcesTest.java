package io.millrace.connect.basic;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.spi.Connector;
import io.millrace.spi.SourceType;
import io.millrace.testkit.Await;
import io.millrace.testkit.ReplayableContract;
import io.millrace.testkit.TestAssembly;
import io.vertx.core.Vertx;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class ResumedBasicSourcesTest {
    private static final Vertx vertx = Vertx.vertx();
    private final TestAssembly assembly = new TestAssembly(vertx);

    @AfterAll
    static void close() {
        Await.get(vertx.close());
    }

    @Test
    void only_sources_that_can_go_on_say_so() {
        assertThat(ServiceLoader.load(Connector.class).stream()
                        .flatMap(connector -> connector.get().components().stream())
                        .filter(SourceType.class::isInstance)
                        .filter(source -> source.spec().replayable())
                        .map(source -> source.spec().name()))
                .containsExactlyInAnyOrder(
                        "values", "range", "lines", "jsonl", "csv", "files", "sql", "http", "sitemap");
    }

    @Test
    void values_go_on_behind_any_element() {
        String values = IntStream.range(0, 200)
                .mapToObj(i -> i % 3 == 0 ? "{n: " + i + "}" : "" + i)
                .collect(Collectors.joining(","));

        ReplayableContract.check(assembly, new ValuesSource(), "[" + values + "]");
    }

    @Test
    void values_may_be_added_at_the_end_and_are_else_changed() {
        ObjectNode then = ReplayableContract.fingerprint(assembly, new ValuesSource(), "[1, 2, 3]");

        assertThat(valuesChanged("[1, 2, 3, 4]", then)).isEmpty();
        assertThat(valuesChanged("[1, 2]", then)).contains("has 2 values; when the run began, it had 3", "--fresh");
        assertThat(valuesChanged("[1, 9, 3]", then)).contains("first 3 values", "--fresh");
    }

    @Test
    void a_range_goes_on_behind_any_number() {
        ReplayableContract.check(assembly, new RangeSource(), "{count: 500, from: 4000000000, step: -7}");
    }

    @Test
    void a_range_may_grow_and_is_else_changed() {
        ObjectNode then = ReplayableContract.fingerprint(assembly, new RangeSource(), "{count: 5, from: 1}");

        assertThat(rangeChanged("{count: 6, from: 1}", then)).isEmpty();
        assertThat(rangeChanged("{count: 4, from: 1}", then)).contains("has 4 numbers; when the run began, it had 5");
        assertThat(rangeChanged("{count: 5, from: 2}", then))
                .contains("from 2 by 1; when the run began, it was from 1 by 1");
        assertThat(rangeChanged("{count: 5, from: 1, step: 2}", then)).contains("from 1 by 2");
    }

    private String valuesChanged(String settings, ObjectNode then) {
        return changed(new ValuesSource(), settings, then);
    }

    private String rangeChanged(String settings, ObjectNode then) {
        return changed(new RangeSource(), settings, then);
    }

    private String changed(SourceType type, String settings, ObjectNode then) {
        JsonNode first = ReplayableContract.tokens(assembly, type, settings).get(0);
        return ReplayableContract.changed(assembly, type, settings, then, first).orElse("");
    }
}
