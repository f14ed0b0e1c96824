package io.millrace.engine.item;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.spi.Failure;
import io.millrace.spi.Scope;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class ItemScopeTest {
    private static final Failure REASON = Failure.of(Failure.Kind.CANCELLED, "enough");

    private final ItemWorld world = new ItemWorld("{}");
    private final ItemScope scope = world.scope();

    private Supplier<Future<Void>> noting(String event) {
        return () -> {
            world.note(event);
            return Future.succeededFuture();
        };
    }

    @Test
    void cancels_children_before_itself_and_in_the_order_of_registration() {
        scope.onCancel(noting("first"));
        Scope child = scope.child();
        child.onCancel(noting("child"));
        child.child().onCancel(noting("grandchild"));
        scope.onCancel(noting("second"));

        Future<Void> cancelled = scope.cancel(REASON);

        assertThat(world.events).containsExactly("grandchild", "child", "first", "second");
        assertThat(cancelled.succeeded()).isTrue();
        assertThat(child.cancelled()).isTrue();
    }

    @Test
    void waits_for_the_clean_up_also_when_asked_again() {
        Promise<Void> clean = Promise.promise();
        scope.child().onCancel(clean::future);

        Future<Void> first = scope.cancel(REASON);
        Future<Void> second = scope.cancel(Failure.of(Failure.Kind.TIMEOUT, "late"));

        assertThat(first.isComplete() || second.isComplete()).isFalse();
        clean.complete();
        assertThat(first.isComplete() && second.isComplete()).isTrue();
        assertThat(scope.reason()).isSameAs(REASON);
    }

    @Test
    void leaves_behind_what_does_not_clean_up_within_the_bound() {
        scope.onCancel(() -> Promise.<Void>promise().future());

        Future<Void> cancelled = scope.cancel(REASON);
        world.passes(ItemScope.CLEAN_UP.minusMillis(1));
        assertThat(cancelled.isComplete()).isFalse();
        world.passes(Duration.ofMillis(2));

        assertThat(cancelled.succeeded()).isTrue();
    }

    @Test
    void a_clean_up_that_fails_or_throws_hinders_no_other() {
        scope.onCancel(() -> Future.failedFuture("broken"));
        scope.onCancel(() -> {
            throw new IllegalStateException("broken");
        });
        scope.onCancel(noting("other"));

        Future<Void> cancelled = scope.cancel(REASON);

        assertThat(world.events).containsExactly("other");
        assertThat(cancelled.isComplete()).isTrue();
    }

    @Test
    void what_is_registered_late_runs_at_once() {
        scope.cancel(REASON);

        scope.onCancel(noting("late"));
        scope.child().onCancel(noting("late below"));

        assertThat(world.events).containsExactly("late", "late below");
    }

    @Test
    void what_was_taken_back_does_not_run_even_if_it_was_taken_back_by_another() {
        Scope.Handle before = scope.onCancel(noting("before"));
        Scope.Handle[] third = new Scope.Handle[1];
        scope.onCancel(() -> {
            third[0].dispose();
            return noting("second").get();
        });
        third[0] = scope.onCancel(noting("third"));
        before.dispose();

        scope.cancel(REASON);

        assertThat(world.events).containsExactly("second");
    }

    @Test
    void two_registrations_of_one_supplier_are_two() {
        Supplier<Future<Void>> same = noting("same");
        scope.onCancel(same).dispose();
        scope.onCancel(same);
        Scope.Handle third = scope.onCancel(same);
        third.dispose();

        scope.cancel(REASON);

        assertThat(world.events).containsExactly("same");
    }

    @Test
    void sleep_ends_after_its_time_and_leaves_nothing_behind() {
        Future<Void> sleep = scope.sleep(Duration.ofSeconds(3));

        world.passes(Duration.ofMillis(2999));
        assertThat(sleep.isComplete()).isFalse();
        world.passes(Duration.ofMillis(2));

        assertThat(sleep.succeeded()).isTrue();
    }

    @Test
    void cancelling_ends_a_sleep_with_the_reason_and_removes_its_timer() {
        Future<Void> sleep = scope.child().sleep(Duration.ofHours(1));

        scope.cancel(REASON);
        world.world.run();

        assertThat(sleep.cause()).isSameAs(REASON);
        assertThat(world.world.now()).isLessThan(Duration.ofMinutes(1));
        assertThat(scope.sleep(Duration.ofHours(1)).cause()).isSameAs(REASON);
    }

    @Test
    void a_shielded_scope_is_not_cancelled() {
        ItemScope shielded = scope.shielded();

        scope.cancel(REASON);

        assertThat(shielded.cancelled()).isFalse();
    }

    @Test
    void a_closed_child_is_let_go() {
        Scope child = scope.child();
        child.onCancel(noting("child"));
        child.close();

        scope.cancel(REASON);

        assertThat(world.events).isEmpty();
    }

    @Test
    void blocking_work_that_still_waits_is_dropped() {
        Future<String> work = scope.blocking("cpu", () -> {
            world.note("worked");
            return "done";
        });

        scope.cancel(REASON);
        world.world.run();

        assertThat(work.cause()).isSameAs(REASON);
        assertThat(world.events).isEmpty();
        assertThat(world.pools).containsExactly("cpu");
    }

    @Test
    void blocking_work_that_runs_is_interrupted_and_waited_for() {
        Future<String> work = scope.blocking("cpu", () -> "for ever");
        world.passes(Duration.ofMillis(1));

        Future<Void> cancelled = scope.cancel(REASON);
        world.passes(Offloading.GRACE.minusMillis(1));

        assertThat(world.events).containsExactly("interrupted");
        assertThat(cancelled.isComplete() || work.isComplete()).isFalse();
        world.working.get(0).run();
        world.world.run();
        assertThat(cancelled.succeeded()).isTrue();
        assertThat(work.cause()).isSameAs(REASON);
        assertThat(world.events).containsExactly("interrupted");
    }

    @Test
    void blocking_work_that_does_not_stop_is_left_behind() {
        Future<String> work = scope.blocking("cpu", () -> "for ever");
        world.passes(Duration.ofMillis(1));

        Future<Void> cancelled = scope.cancel(REASON);
        world.passes(Offloading.GRACE.plusMillis(1));

        assertThat(world.events).containsExactly("interrupted", "left behind");
        assertThat(cancelled.succeeded()).isTrue();
        assertThat(work.cause()).isSameAs(REASON);
    }

    @Test
    void blocking_work_is_not_handed_over_once_the_scope_is_cancelled() {
        scope.cancel(REASON);

        assertThat(scope.blocking("cpu", () -> "done").cause()).isSameAs(REASON);
        assertThat(world.pools).isEmpty();
    }
}
