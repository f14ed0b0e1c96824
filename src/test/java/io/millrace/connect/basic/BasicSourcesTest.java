package io.millrace.connect.basic;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.spi.Records;
import io.millrace.spi.Source;
import io.millrace.testkit.Await;
import io.millrace.testkit.Drain;
import io.millrace.testkit.TestAssembly;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class BasicSourcesTest {
    private static final Vertx vertx = Vertx.vertx();
    private final TestAssembly assembly = new TestAssembly(vertx);

    @AfterAll
    static void close() {
        Await.get(vertx.close());
    }

    @Test
    void values_yields_the_elements_in_order_with_their_index_as_position() {
        Source source = assembly.source(new ValuesSource(), "['a', {b: 1}, 3]");

        List<Records.Entry> entries = Drain.all(vertx, source, 2);

        assertThat(entries).extracting(e -> e.value().toString()).containsExactly("\"a\"", "{\"b\":1}", "3");
        assertThat(entries).extracting(Records.Entry::position).containsExactly(0L, 1L, 2L);
    }

    @Test
    void values_of_an_empty_list_end_at_once() {
        assertThat(Drain.values(vertx, assembly.source(new ValuesSource(), "[]")))
                .isEmpty();
    }

    @Test
    void values_may_come_from_a_parameter() {
        assembly.with("params", "{names: ['x', 'y']}");

        assertThat(Drain.texts(vertx, assembly.source(new ValuesSource(), "'${$params.names}'")))
                .containsExactly("\"x\"", "\"y\"");
    }

    @Test
    void values_that_are_no_list_are_a_problem() {
        assertThat(assembly.problems(new ValuesSource().spec(), "{a: 1}"))
                .singleElement()
                .asString()
                .contains("not a list");
    }

    @Test
    void range_counts_from_zero() {
        assertThat(Drain.texts(vertx, assembly.source(new RangeSource(), "10")))
                .containsExactly("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
    }

    @Test
    void range_counts_in_steps_beyond_ints_and_downwards() {
        Source up = assembly.source(new RangeSource(), "{count: 2, from: 2147483647, step: 2}");
        Source down = assembly.source(new RangeSource(), "{count: 3, from: 1, step: -1}");

        assertThat(Drain.texts(vertx, up)).containsExactly("2147483647", "2147483649");
        assertThat(Drain.texts(vertx, down)).containsExactly("1", "0", "-1");
    }

    @Test
    void timer_ticks_at_once_and_then_on_schedule() {
        long started = System.nanoTime();
        Source source = assembly.source(new TimerSource(), "{every: '40ms', count: 3}");

        List<Records.Entry> ticks = Drain.all(vertx, source, 5);

        assertThat(ticks).extracting(e -> e.value().get("tick").asInt()).containsExactly(1, 2, 3);
        assertThat(ticks).allSatisfy(e -> Instant.parse(e.value().get("at").asText()));
        assertThat((System.nanoTime() - started) / 1_000_000).isBetween(80L, 2000L);
    }

    @Test
    void a_waiting_timer_ends_when_it_is_closed() {
        Source source = assembly.source(new TimerSource(), "'1h'");
        Await.onLoop(vertx, () -> source.read(new Records(1)));
        Future<Boolean> second = source.read(new Records(1));

        Await.onLoop(vertx, source::close);

        assertThat(Await.get(second)).isFalse();
        assertThat(source.endless()).isTrue();
    }

    @Test
    void a_timer_of_no_time_is_a_problem() {
        assertThat(assembly.problems(new TimerSource().spec(), "'0s'"))
                .singleElement()
                .asString()
                .contains("1ms or more");
    }
}
