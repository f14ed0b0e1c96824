package io.millrace.connect.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.Millrace;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetryBudgetTest {
    private static final long SECOND = 1_000_000_000L;

    @TempDir
    private Path folder;

    private final Web web = new Web();

    @AfterEach
    void close() {
        web.close();
    }

    @Test
    void ten_seconds_of_the_minimum_may_come_at_once_and_then_one_after_another() {
        RetryBudget budget = new RetryBudget(new RetryBudget.Terms(0.2, 2), 0);

        for (int i = 0; i < 20; i++) {
            assertThat(budget.take(0)).isZero();
        }

        assertThat(budget.take(0)).isEqualTo(Duration.ofMillis(500));
        assertThat(budget.take(0)).isEqualTo(Duration.ofMillis(1000));
        assertThat(budget.take(SECOND)).isEqualTo(Duration.ofMillis(500));
    }

    @Test
    void besides_that_a_share_of_the_requests_may_be_repeated() {
        RetryBudget budget = new RetryBudget(new RetryBudget.Terms(0.2, 0.1), 0);
        budget.take(0);

        for (int i = 0; i < 50; i++) {
            budget.sent(0);
        }

        for (int i = 0; i < 10; i++) {
            assertThat(budget.take(0)).isZero();
        }
        assertThat(budget.take(0)).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void what_was_earned_fades() {
        RetryBudget budget = new RetryBudget(new RetryBudget.Terms(0.2, 0.001), 0);
        for (int i = 0; i < 50; i++) {
            budget.sent(0);
        }

        int taken = 0;
        while (budget.take(23 * SECOND).isZero()) {
            taken++;
        }

        assertThat(taken).isEqualTo(2); // one that is earned, one in reserve
    }

    @Test
    void it_is_whole_again_after_a_while() {
        RetryBudget budget = new RetryBudget(new RetryBudget.Terms(0.2, 10), 0);
        budget.take(0);
        budget.take(0);

        assertThat(budget.isWhole(SECOND / 10)).isFalse();
        assertThat(budget.isWhole(SECOND / 5)).isTrue();
    }

    /** Two hosts, one of which is dead; the dead one's requests are counted. */
    private Millrace.Outcome run(String client, String dead, String retry) {
        String alive = web.serve(request -> request.response().end("{}"));
        try (Millrace millrace = new Millrace(folder)) {
            return millrace.run("{'params': {'dead': {'type': 'string', 'default': '" + dead
                    + "'}, 'alive': {'type': 'string', 'default': '" + alive + "'}}, 'resources': {'web': {'http': "
                    + client + "}}, 'stages': {'a': {'source': {'range': 2000}, 'concurrency': 200, 'steps': [{'http':"
                    + " '${if .value % 2 == 0 then $params.dead else $params.alive end}/${.value}', 'retry': " + retry
                    + "}, {'map': '.value'}], 'sink': 'stdout'}}}");
        }
    }

    @Test
    void a_dead_host_gets_few_repeated_requests_and_the_others_are_not_held_up() {
        AtomicInteger asked = new AtomicInteger();
        String dead = web.serve(request -> {
            asked.incrementAndGet();
            request.connection().close();
        });

        Millrace.Outcome outcome = run(
                "{'retryBudget': {'ratio': 0.1, 'min': '1/s'}}",
                dead,
                "{'attempts': 4, 'backoff': '1ms', 'total': '4s'}");

        assertThat(outcome.lines()).hasSize(1000);
        assertThat(outcome.deadLetters()).hasSize(1000);
        assertThat(asked)
                .hasValueBetween(1000, 1200); // 1,000 first ones, a tenth, and the reserve; without a budget 4,000
        assertThat(outcome.deadLetters())
                .extracting(letter -> letter.at("/error/message").asText())
                .filteredOn(message ->
                        message.contains("; not tried again, since the retry budget is spent: the next attempt"
                                + " would have to wait "))
                .hasSizeGreaterThan(800)
                .allSatisfy(message -> assertThat(message)
                        .startsWith("connection closed before " + dead.substring("http://".length()) + " answered"));
    }

    @Test
    void without_a_budget_all_that_was_asked_for_is_sent() {
        AtomicInteger asked = new AtomicInteger();
        String dead = web.serve(request -> {
            asked.incrementAndGet();
            request.response().setStatusCode(500).end();
        });

        run("{'retryBudget': false}", dead, "{'attempts': 4, 'backoff': '1ms'}");

        assertThat(asked).hasValue(4000);
    }

    @Test
    void without_a_total_repeated_requests_wait_and_all_goes_on_when_the_host_is_back() {
        AtomicInteger asked = new AtomicInteger();
        Set<String> failed = ConcurrentHashMap.newKeySet();
        String url = web.serve(request -> {
            asked.incrementAndGet();
            boolean first = failed.add(request.path());
            request.response().setStatusCode(first ? 503 : 200).end();
        });
        long before = System.nanoTime();

        try (Millrace millrace = new Millrace(folder)) {
            Millrace.Outcome outcome = millrace.run(
                    "{'resources': {'web': {'http': {'retryBudget': {'ratio': 0, 'min': '50/s'}}}}, 'stages': {'a': {'source':"
                            + " {'range': 530}, 'concurrency': 1000, 'retry': {'attempts': 2, 'backoff': '1ms'}, 'steps': [{'http': '"
                            + url + "/${.value}'}], 'sink': 'discard'}}}");

            assertThat(outcome.exitCode()).isZero();
        }
        assertThat(asked).hasValue(1060);
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThan(Duration.ofMillis(550));
    }
}
