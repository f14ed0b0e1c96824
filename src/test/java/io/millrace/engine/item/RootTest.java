package io.millrace.engine.item;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.millrace.spi.Caller;
import io.millrace.spi.Failure;
import io.millrace.spi.Reply;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RootTest {
    private final Tally tally = Tally.counting();
    private int told;
    private final Origin origin = new Origin("urls", tally, () -> told++);
    private final Settling settling = new Settling();

    private final Noted caller = new Noted();

    /** Notes what it is told; takes the first answer. */
    private static class Noted implements Caller {
        final List<String> told = new ArrayList<>();

        @Override
        public boolean reply(Reply reply) {
            told.add("reply " + reply.body().asText());
            return told.size() == 1;
        }

        @Override
        public void settled() {
            told.add("settled");
        }

        @Override
        public void failed(Failure failure) {
            told.add("failed " + failure.kind());
        }

        @Override
        public JsonNode peer() {
            return TextNode.valueOf("somebody");
        }
    }

    private Root called(int seq, Caller by) {
        origin.admit(1);
        return Root.of(origin, seq, by);
    }

    private Root root(int seq) {
        origin.admit(1);
        return new Root(origin, seq);
    }

    private void release(Root root) {
        root.release(settling);
        settling.flush();
    }

    @Test
    void is_settled_when_every_branch_has_ended() {
        Root root = root(0);
        root.retain(2);
        origin.end();

        release(root);
        release(root);
        assertThat(origin.done()).isFalse();
        release(root);

        assertThat(origin.done()).isTrue();
        assertThat(told).isEqualTo(2);
    }

    @Test
    void a_release_too_many_is_a_mistake_of_ours() {
        Root root = root(0);
        release(root);

        assertThatThrownBy(() -> root.release(settling)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void nothing_more_can_come_of_what_is_settled() {
        Root root = root(0);
        release(root);

        assertThatThrownBy(() -> root.retain(1)).isInstanceOf(IllegalStateException.class);
        assertThat(tally.isQuiet()).isTrue();
    }

    @Test
    void whoever_waits_is_told_when_the_last_branch_has_ended() {
        Root root = called(0, caller);
        root.retain(1);

        release(root);
        assertThat(caller.told).isEmpty();
        root.failed(Failure.badData("no"));
        release(root);

        assertThat(caller.told).containsExactly("failed BAD_DATA", "settled");
        assertThat(root.peer().asText()).isEqualTo("somebody");
    }

    @Test
    void whoever_waits_is_told_before_the_account_is() {
        List<String> order = new ArrayList<>();
        Origin last = new Origin("urls", tally, () -> order.add("account"));
        last.admit(1);
        Root root = Root.of(last, 0, new Noted() {
            @Override
            public void settled() {
                order.add("caller");
            }
        });
        last.end();
        order.clear();

        release(root);

        assertThat(order).containsExactly("caller", "account");
    }

    @Test
    void a_group_answers_each_of_its_members_and_fails_for_each() {
        Noted other = new Noted();
        Root group = Root.group(List.of(called(0, caller), root(1), called(2, other)));

        boolean first = group.reply(Reply.of(TextNode.valueOf("x")));
        boolean second = group.reply(Reply.of(TextNode.valueOf("y")));
        group.failed(Failure.badData("no"));

        assertThat(first).isTrue();
        assertThat(second).isFalse();
        assertThat(caller.told).containsExactly("reply x", "reply y", "failed BAD_DATA");
        assertThat(other.told).isEqualTo(caller.told);
        assertThat(group.peer().isNull()).isTrue();
    }

    @Test
    void nobody_waits_for_a_plain_record() {
        Root root = root(0);

        assertThat(root.reply(Reply.of(TextNode.valueOf("x")))).isFalse();
    }

    @Test
    void a_group_stands_for_a_branch_of_each_member() {
        Root one = root(0);
        Root two = root(1);
        one.retain(1);
        origin.end();
        one.park();
        two.park();

        Root group = Root.group(List.of(one, two));
        group.retain(1);
        release(group);
        release(group);

        assertThat(origin.done()).isFalse();
        release(one);
        assertThat(origin.done()).isTrue();
        assertThat(tally.isQuiet()).isTrue();
    }

    @Test
    void a_root_twice_in_a_group_is_settled_once() {
        Root root = root(0);
        root.retain(1);
        origin.end();
        root.park();
        root.park();

        release(Root.group(List.of(root, root)));

        assertThat(origin.done()).isTrue();
    }

    @Test
    void is_quiet_while_all_branches_rest() {
        Root root = root(0);
        assertThat(tally.isQuiet()).isFalse();

        root.park();
        assertThat(tally.isQuiet()).isTrue();
        root.unpark();
        assertThat(tally.isQuiet()).isFalse();
        release(root);

        assertThat(tally.isQuiet()).isTrue();
        assertThat(Tally.NONE.isQuiet()).isFalse();
    }

    @Test
    void settling_tells_each_origin_its_own() {
        Origin other = new Origin("files", tally, () -> told++);
        other.admit(1);
        Root root = root(0);
        Root second = Root.of(other, 0, null);
        origin.end();
        other.end();

        root.release(settling);
        second.release(settling);
        assertThat(other.done()).isFalse();
        settling.flush();

        assertThat(origin.done() && other.done()).isTrue();
        assertThat(settling.pending()).isFalse();
    }
}
