package io.millrace.flow;

import io.millrace.flow.Delivery.Promise;
import io.millrace.spi.Spec;
import java.util.ArrayList;
import java.util.List;

/** Says what a durable flow does exactly once, and what it may do again after a crash; it follows from the declarations of its components. */
final class Deliveries {
    private final FlowCheck check;
    private final List<Delivery> all = new ArrayList<>();

    Deliveries(FlowCheck check) {
        this.check = check;
    }

    List<Delivery> all() {
        return List.copyOf(all);
    }

    /** @param effects its steps that do something outside of the process */
    void stage(StageView stage, List<String> effects) {
        Written.source(stage.at().json(), check.components()).ifPresent(source -> source(stage, source));
        if (!effects.isEmpty()) {
            add(
                    stage,
                    Promise.AT_LEAST_ONCE,
                    Words.allOf(effects) + (effects.size() == 1 ? " acts" : " act")
                            + " at least once for an item: after a crash those that had not come to their end are worked on again");
        }
        Written.sink(stage.at().json(), check.declared().single(), check.components())
                .ifPresent(sink -> sink(stage, sink.spec()));
    }

    private void source(StageView stage, Written source) {
        String name = Words.quoted(source.spec().name());
        if (source.isReplayable()) {
            add(
                    stage,
                    Promise.EXACTLY_ONCE,
                    "each record of " + name
                            + " counts exactly once: a resumed run goes on with those that are not done"
                            + (source.spec().caveat().isEmpty()
                                    ? ""
                                    : "; " + source.spec().caveat()));
        } else if (source.spec().confirms()) {
            boolean unique = stage.at(Language.QUEUE).json().hasNonNull(Language.UNIQUE.name());
            add(
                    stage,
                    Promise.ONCE_KEPT,
                    "what comes to " + name + " is answered when it is kept, and from then on counts exactly once; "
                            + (unique
                                    ? "\"unique\" tells what is sent again"
                                    : "what is sent again counts again, unless \"unique\" tells it apart"));
        } else {
            add(
                    stage,
                    Promise.ONCE_KEPT,
                    "what comes " + (source.spec().answers() ? "to " : "from ") + name
                            + " may be lost until it is in the durable queue,"
                            + (source.spec().answers() ? " of which its sender is not told," : "")
                            + " and from then on counts exactly once");
        }
    }

    private void sink(StageView stage, Spec sink) {
        String name = Words.quoted(sink.name());
        if (sink.transactional()) {
            add(
                    stage,
                    Promise.EXACTLY_ONCE_IN_THE_STORE,
                    name
                            + " writes exactly once if its database is the store, as rows and progress are committed together,"
                            + " else at least once");
        } else if (sink.appendsTo().isPresent()) {
            add(
                    stage,
                    Promise.EXACTLY_ONCE,
                    name + " writes exactly once: after a crash its files are cut back to what is committed");
        } else if (!sink.name().equals(TargetType.DISCARD)) {
            add(
                    stage,
                    Promise.AT_LEAST_ONCE,
                    name
                            + " writes at least once: it takes no part in commits, so what went out just before a crash goes out again");
        }
    }

    private void add(StageView stage, Promise promise, String words) {
        all.add(new Delivery(stage.name(), promise, words));
    }
}
