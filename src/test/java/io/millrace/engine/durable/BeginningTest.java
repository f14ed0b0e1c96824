package io.millrace.engine.durable;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.ledger.Ledger;
import io.millrace.spi.DatabaseAddress;
import io.millrace.spi.Failure;
import io.millrace.spi.Failure.Kind;
import io.millrace.testkit.Millrace;
import io.millrace.testkit.ModelLedger;
import io.millrace.testkit.ModelStore;
import io.vertx.core.Future;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Durable runs that begin while their store, or a server that they write to, cannot be reached. */
class BeginningTest {
    private static final String FLOW =
            "{'durable': true, 'source': {'range': 3}, 'steps': [{'map': {'n': '${.value}'}}], 'sink': {'jsonl': 'out.jsonl'}}";

    @TempDir
    private Path directory;

    private final AtomicInteger asked = new AtomicInteger();

    /** @param times how often the store fails before it is there */
    private Millrace.Outcome run(int times, Failure failure) {
        Ledger ledger = new ModelLedger(new ModelStore());
        try (Millrace millrace = new Millrace(
                directory,
                () -> Future.<DatabaseAddress>failedFuture("no database here"),
                address -> asked.incrementAndGet() <= times
                        ? Future.failedFuture(failure)
                        : Future.succeededFuture(ledger),
                List.of())) {
            return millrace.run(FLOW);
        }
    }

    private static Failure refused() {
        return Failure.of(Kind.UNREACHABLE, "cannot use the store", new ConnectException("Connection refused"));
    }

    @Test
    void a_run_begins_when_the_store_can_be_reached_after_all() throws Exception {
        Millrace.Outcome outcome = run(2, refused());

        assertThat(outcome.result().reason()).isEmpty();
        assertThat(Files.readAllLines(directory.resolve("out.jsonl"))).hasSize(3);
        assertThat(asked).hasValue(3);
    }

    @Test
    void a_store_that_is_going_down_is_waited_for_too() {
        Failure failure = Failure.build(Kind.UNREACHABLE, "cannot use the store")
                .code("57P01")
                .done();

        assertThat(run(1, failure).exitCode()).isZero();
    }

    @Test
    void what_does_not_pass_by_itself_is_said_at_once() {
        Failure password =
                Failure.build(Kind.UNREACHABLE, "wrong password").code("28P01").done();
        Failure name = Failure.of(Kind.UNREACHABLE, "no such host", new UnknownHostException("db.example"));

        assertThat(run(1, password).result().reason()).isEqualTo("wrong password");
        assertThat(asked).hasValue(1);
        asked.set(0);
        assertThat(run(1, name).exitCode()).isEqualTo(1);
        assertThat(asked).hasValue(1);
    }
}
