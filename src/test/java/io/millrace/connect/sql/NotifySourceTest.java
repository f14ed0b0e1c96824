package io.millrace.connect.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.spi.Failure;
import io.millrace.spi.Failure.Kind;
import io.millrace.spi.Records;
import io.millrace.spi.Source;
import io.millrace.testkit.Await;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class NotifySourceTest extends SqlTestBase {
    /** A source is confined to one event loop. */
    private final Context loop = vertx.getOrCreateContext();

    @Test
    void yields_each_payload_as_text_in_order() {
        Source source = listening("'shop'");

        sql("SELECT pg_notify('shop', n::text) FROM generate_series(1, 3) n");
        sql("SELECT pg_notify('other', 'x')");
        sql("NOTIFY shop");
        List<Records.Entry> entries = take(source, 4);

        assertThat(entries).extracting(entry -> entry.value().textValue()).containsExactly("1", "2", "3", "");
        assertThat(entries).extracting(Records.Entry::position).containsExactly(1L, 2L, 3L, 4L);
        close(source);
    }

    @Test
    void a_channel_may_have_any_name() {
        Source source = listening("'Weird \"one\"; x'");

        sql("SELECT pg_notify('Weird \"one\"; x', '{}')");

        assertThat(take(source, 1)).hasSize(1);
        close(source);
    }

    @Test
    void takes_no_more_than_there_is_room_for() {
        Source source = listening("'roomy'");
        sql("SELECT pg_notify('roomy', n::text) FROM generate_series(1, 5) n");

        Records two = new Records(2);
        on(() -> source.read(two));

        assertThat(two.size()).isBetween(1, 2);
        assertThat(two.size() + take(source, 5 - two.size()).size()).isEqualTo(5);
        close(source);
    }

    @Test
    void a_full_backlog_fails_the_run_once_its_notifications_were_taken() {
        Source source = listening("{channel: 'flood', backlog: 3}");
        sql("SELECT pg_notify('flood', n::text) FROM generate_series(1, 10) n");
        await().until(() -> sessions("flood").equals("0"));

        List<Records.Entry> taken = take(source, 3);
        Failure failure = (Failure) Await.failure(start(() -> source.read(new Records(1))));

        assertThat(taken).extracting(entry -> entry.value().textValue()).containsExactly("1", "2", "3");
        assertThat(failure.kind()).isEqualTo(Kind.LIMIT);
        assertThat(failure.message()).contains("more than 3 notifications of channel \"flood\" wait (backlog)");
        close(source);
    }

    @Test
    void listens_again_when_the_connection_is_lost() {
        Source source = listening("'lost'");
        Records records = new Records(1);
        Future<Boolean> reading = start(() -> source.read(records));

        sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query = 'LISTEN \"lost\"'");
        await().until(() -> {
            sql("SELECT pg_notify('lost', 'back')");
            return reading.isComplete();
        });

        assertThat(Await.get(reading)).isTrue();
        assertThat(records.value(0).textValue()).isEqualTo("back");
        close(source);
    }

    @Test
    void a_read_under_way_ends_when_the_source_is_closed_and_so_does_its_session() {
        Source source = listening("'closing'");
        Future<Boolean> reading = start(() -> source.read(new Records(1)));

        close(source);

        assertThat(Await.get(reading)).isFalse();
        await().until(() -> sessions("closing").equals("0"));
    }

    @Test
    void a_name_that_postgresql_would_cut_is_told_when_the_flow_is_checked() {
        assertThat(assembly.problems(new NotifySourceType().spec(), "'" + "x".repeat(64) + "'"))
                .singleElement()
                .asString()
                .contains("The channel's name has 64 bytes.");
        assertThat(assembly.problems(new NotifySourceType().spec(), "''")).hasSize(1);
    }

    /** How many sessions listen on the channel. */
    private String sessions(String channel) {
        return run(
                        "{query: 'SELECT count(*)::int AS n FROM pg_stat_activity WHERE query = $1', params: ['LISTEN \""
                                + channel + "\"'], one: true}",
                        "{}")
                .get("n")
                .asText();
    }

    private Source listening(String settings) {
        Source source = assembly.source(new NotifySourceType(), settings);
        on(source::open);
        return source;
    }

    private List<Records.Entry> take(Source source, int count) {
        List<Records.Entry> taken = new ArrayList<>();
        while (taken.size() < count) {
            Records records = new Records(count - taken.size());
            on(() -> source.read(records));
            taken.addAll(records.entries());
        }
        return taken;
    }

    private void close(Source source) {
        on(source::close);
    }

    private <T> T on(Supplier<Future<T>> call) {
        return Await.get(start(call));
    }

    private <T> Future<T> start(Supplier<Future<T>> call) {
        Promise<T> promise = Promise.promise();
        loop.runOnContext(v -> call.get().onComplete(promise));
        return promise.future();
    }
}
