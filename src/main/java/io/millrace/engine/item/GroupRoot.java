package io.millrace.engine.item;

import io.millrace.spi.Failure;
import io.millrace.spi.Reply;
import java.util.List;

/** What {@code collect} puts together: one branch that stands for a branch of each member. */
final class GroupRoot extends Root {
    private final List<Root> members;

    GroupRoot(List<Root> members) {
        super(members.get(0));
        this.members = List.copyOf(members);
    }

    /** Answers each member. */
    @Override
    public boolean reply(Reply reply) {
        boolean any = false;
        for (Root member : members) {
            any |= member.reply(reply);
        }
        return any;
    }

    @Override
    public void failed(Failure failure) {
        members.forEach(member -> member.failed(failure));
    }

    @Override
    void settled(Settling settling) {
        members.forEach(member -> member.leave(settling));
    }
}
