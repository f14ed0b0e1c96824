package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.engine.item.BlockingCall;
import io.millrace.flow.Flow.Workers;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WorkerPoolsTest {
    private final Vertx vertx = Vertx.vertx();
    private final Context context = vertx.getOrCreateContext();
    private final WorkerPools pools = new WorkerPools(vertx, "test", Map.of("one", new Workers(1, 10)));
    private final AtomicInteger crowd = new AtomicInteger();
    private final CountDownLatch release = new CountDownLatch(1);

    @AfterEach
    void close() {
        release.countDown();
        join(vertx.close());
    }

    private static <T> T join(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private <T> BlockingCall<T> call(Callable<T> work) {
        return pools.call("one", "main", context, work, crowd::addAndGet);
    }

    /** Holds the only thread, whatever it is told. */
    private BlockingCall<String> stubborn(CountDownLatch begun) {
        return call(() -> {
            begun.countDown();
            while (release.getCount() > 0) {
                Thread.onSpinWait();
            }
            return "done";
        });
    }

    @Test
    void never_runs_more_than_there_are_threads_and_keeps_the_order() {
        AtomicInteger at = new AtomicInteger();
        List<Integer> order = new ArrayList<>();
        List<Future<Void>> all = new ArrayList<>();

        for (int i = 0; i < 100; i++) {
            int number = i;
            all.add(pools.run("one", context, () -> {
                assertThat(at.incrementAndGet()).isEqualTo(1);
                order.add(number);
                at.decrementAndGet();
                return null;
            }));
        }
        join(Future.all(all));

        assertThat(order).hasSize(100).isSorted();
    }

    @Test
    void tells_of_work_beyond_its_queue_until_that_is_let_in_or_dropped() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        stubborn(begun);
        begun.await();
        List<BlockingCall<String>> calls = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            calls.add(call(() -> "in the queue"));
        }
        assertThat(crowd).hasValue(0);

        BlockingCall<String> first = call(() -> "first at the door");
        BlockingCall<String> second = call(() -> "second at the door");

        assertThat(crowd).hasValue(2);
        assertThat(second.drop()).isTrue();
        assertThat(crowd).hasValue(1);
        assertThat(calls.get(4).drop()).isTrue();
        assertThat(crowd).hasValue(0);
        release.countDown();
        assertThat(join(first.result())).isEqualTo("first at the door");
    }

    @Test
    void work_that_waits_can_be_taken_back_and_never_runs() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        AtomicBoolean ran = new AtomicBoolean();
        BlockingCall<String> holding = stubborn(begun);
        begun.await();
        BlockingCall<Boolean> waiting = call(() -> ran.getAndSet(true));

        boolean dropped = waiting.drop();
        boolean droppedRunning = holding.drop();
        release.countDown();

        assertThat(dropped).isTrue();
        assertThat(droppedRunning).isFalse();
        assertThat(join(holding.result())).isEqualTo("done");
        assertThat(join(pools.run("one", context, () -> "next"))).isEqualTo("next");
        assertThat(ran).isFalse();
    }

    @Test
    void an_interrupt_ends_what_waits_and_does_not_reach_the_next_work_of_its_thread() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        BlockingCall<Boolean> sleeping = call(() -> {
            begun.countDown();
            return release.await(1, TimeUnit.HOURS);
        });
        begun.await();

        sleeping.interrupt();

        await().until(() -> sleeping.result().failed());
        assertThat(sleeping.result().cause()).isInstanceOf(InterruptedException.class);
        assertThat(join(pools.run("one", context, () -> Thread.currentThread().isInterrupted())))
                .isFalse();
    }

    @Test
    void what_is_left_behind_is_counted_and_keeps_its_thread_until_it_ends() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        BlockingCall<String> holding = stubborn(begun);
        begun.await();

        holding.interrupt();
        holding.leave();
        Future<String> next = pools.run("one", context, () -> "next");

        assertThat(pools.leftBehind("main")).isEqualTo(1);
        join(pools.quiet(Duration.ofMillis(20)));
        assertThat(next.isComplete()).isFalse();
        release.countDown();
        assertThat(join(next)).isEqualTo("next");
        assertThat(pools.leftBehind("main")).isZero();
    }

    @Test
    void the_end_of_what_is_left_behind_is_waited_for() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        BlockingCall<String> holding = stubborn(begun);
        begun.await();
        holding.leave();

        Future<Void> quiet = pools.quiet(Duration.ofHours(1));
        assertThat(quiet.isComplete()).isFalse();
        release.countDown();

        join(quiet);
    }

    @Test
    void errors_that_work_throws_are_failures() {
        Future<Object> failed = pools.run("one", context, () -> {
            throw new NoClassDefFoundError("gone");
        });

        await().until(failed::failed);
        assertThat(failed.cause()).isInstanceOf(NoClassDefFoundError.class);
    }
}
