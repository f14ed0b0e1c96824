package io.millrace.flow;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Items that a step sends before its own item has succeeded. In a durable flow what an attempt sent belongs to its root for good, so there must be no other
 * attempt; and they may have to wait for room, while others wait for what is held around them, perhaps those that make the room.
 */
final class SentAtOnce {
    static final String RETRY = "retry";

    private final FlowCheck check;
    private final List<StageView> stages;

    SentAtOnce(FlowCheck check, List<StageView> stages) {
        this.check = check;
        this.stages = stages;
    }

    /** For durable flows. */
    void check() {
        for (Uses.Inside sent : check.uses().sentAtOnce()) {
            around(sent, new HashSet<>()).forEach(holder -> report(sent, holder));
        }
    }

    private void report(Uses.Inside sent, String holder) {
        boolean again = holder.equals(RETRY);
        check.error(
                sent.at(),
                again
                        ? "In a durable flow each attempt of \"retry\" would send these items for good."
                        : "In a durable flow nothing inside " + Words.quoted(holder)
                                + " may wait for room, as others may wait for it.",
                again
                        ? "Remove \"now\": they then leave when the item's steps have succeeded."
                        : "Remove \"now\", or move the step out of " + Words.quoted(holder) + ".");
    }

    /** Everything that is around a step, also where its function is called. */
    private Set<String> around(Uses.Inside step, Set<String> seen) {
        Set<String> around = new LinkedHashSet<>();
        if (!step.holder().isEmpty()) {
            around.add(step.holder());
        }
        String pointer = step.at().pointer();
        if (pointer.startsWith("/functions/")) {
            for (Uses.Inside call : check.uses().calls()) {
                if (pointer.startsWith(Linter.functionAt(call.function()))
                        && seen.add(call.at().pointer())) {
                    around.addAll(around(call, seen));
                }
            }
        } else if (stages.stream().anyMatch(stage -> isRetried(stage, pointer))) {
            around.add(RETRY);
        }
        return around;
    }

    private static boolean isRetried(StageView stage, String pointer) {
        return stage.has(Language.RETRY)
                && pointer.startsWith(stage.at(Language.STEPS).pointer() + "/");
    }
}
