package io.millrace.engine.item;

import io.millrace.spi.Failure;
import io.millrace.spi.Reply;
import java.util.ArrayList;
import java.util.List;

/** What {@code collect} puts together: one branch that stands for a branch of each member. */
final class GroupRoot extends Root {
    private final List<Root> members;

    GroupRoot(List<Root> members) {
        super(members.get(0));
        this.members = List.copyOf(members);
        List<DurableRoot> durable = new ArrayList<>();
        addTo(durable);
        if (durable.size() > 1) {
            Bond.tie(durable);
        }
    }

    @Override
    public boolean isDurable() {
        return members.get(0).isDurable();
    }

    @Override
    public void hold(Held held) {
        members.get(0).hold(held);
    }

    @Override
    public void abandon() {
        members.forEach(Root::abandon);
    }

    @Override
    public boolean isAbandoned() {
        return members.stream().anyMatch(Root::isAbandoned);
    }

    @Override
    void addTo(List<DurableRoot> roots) {
        members.forEach(member -> member.addTo(roots));
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
        members.forEach(member -> member.leaveGroup(settling));
    }
}
