package io.millrace.engine.item;

import io.millrace.flow.Modifiers;
import io.millrace.flow.OnError;
import io.millrace.flow.Retry;
import io.millrace.flow.StepDef;
import io.millrace.flow.Steps;
import io.millrace.spi.Assembly;
import io.millrace.spi.Collecting;
import io.millrace.spi.Spec;
import io.millrace.spi.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * Compiles steps with their modifiers, which nest, outermost first: {@code when finally onError retry timeout}. Where a step stands in
 * a block that is {@code blocking}, it is too, unless it says otherwise.
 */
public final class StepCompiler {
    private final Function<StepCompiler, Assembly> assemblies;
    private final String place;
    private final Optional<String> pool;

    /**
     * @param place where the steps stand, for failures: the stage
     * @param assemblies makes what steps are built from; steps within them are compiled by the given compiler
     */
    public StepCompiler(String place, Function<StepCompiler, Assembly> assemblies) {
        this(place, assemblies, Optional.empty());
    }

    private StepCompiler(String place, Function<StepCompiler, Assembly> assemblies, Optional<String> pool) {
        this.place = place;
        this.assemblies = assemblies;
        this.pool = pool;
    }

    /** A compiler for the same stage, with the worker pool in which another compiles its steps. */
    public StepCompiler inPoolOf(StepCompiler other) {
        return new StepCompiler(place, assemblies, other.pool);
    }

    /** The worker pool in which its steps run unless they say otherwise. */
    public Optional<String> pool() {
        return pool;
    }

    public Sequence compile(Steps steps) {
        List<Step> compiled = new ArrayList<>();
        for (int i = 0; i < steps.list().size(); i++) {
            compiled.add(compile(steps.list().get(i), i));
        }
        return new Sequence(compiled);
    }

    private Step compile(StepDef def, int index) {
        Spec spec = def.type().spec();
        Modifiers modifiers = def.modifiers();
        Optional<String> workers = modifiers.blocking().or(() -> pool);
        StepCompiler within = new StepCompiler(place + "/" + def.label() + "#" + index, assemblies, workers);
        Step step = def.type().build(def.settings(), assemblies.apply(within));
        if (step instanceof Collecting collecting) {
            return frame -> {
                ((ItemFrame) frame).collectedBy(collecting);
                return Sequence.NOTHING;
            };
        }
        if (workers.isPresent() && !spec.holdsSteps()) {
            step = step.oneAtATime() ? new OneAtATime(step, workers.get()) : Modifying.blocking(step, workers.get());
        }
        step = new Located(step, place + "/" + def.label() + "#" + index);
        return within.modify(
                step,
                modifiers,
                def.label(),
                spec.result() != Spec.Result.VALUE,
                store(modifiers, spec),
                (attempt, retry) -> new Located(new Retrying(attempt, retry, def.label()), within.place));
    }

    private static Function<Step, Step> store(Modifiers modifiers, Spec spec) {
        return step -> Modifying.target(modifiers, spec)
                .map(as -> Modifying.storing(step, as))
                .orElse(step);
    }

    /**
     * Wraps the whole of a stage's steps, from an index on, in the stage's own modifiers. An item that is to be tried again fails with
     * {@link Again}.
     */
    public Step stage(Sequence steps, Modifiers modifiers) {
        Step whole =
                frame -> steps.run((ItemFrame) frame, ((ItemFrame) frame).item().from());
        Modifiers ofItem = new Modifiers(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                modifiers.ensure(),
                modifiers.onError().filter(OnError.Catch.class::isInstance),
                modifiers.retry(),
                modifiers.timeout(),
                Optional.empty());
        return modify(
                whole,
                ofItem,
                place,
                true,
                Function.identity(),
                (attempt, retry) -> new RetryingItem(attempt, retry, place));
    }

    private Step modify(
            Step core,
            Modifiers m,
            String label,
            boolean onDocument,
            Function<Step, Step> store,
            BiFunction<Step, Retry, Step> retrying) {
        Step step = core;
        if (m.timeout().isPresent()) {
            step = new Located(new Timeout(step, m.timeout().get()::get, label), place);
        }
        if (m.retry().isPresent()) {
            step = retrying.apply(step, m.retry().get());
        }
        if (m.onError().isPresent()) {
            OnError onError = m.onError().get();
            Optional<Step> stand =
                    onError instanceof OnError.Catch caught ? Optional.of(compile(caught.steps())) : Optional.empty();
            step = new Recovering(step, onError, stand, onDocument);
        }
        step = store.apply(step);
        if (m.ensure().isPresent()) {
            step = new Ensuring(step, compile(m.ensure().get()));
        }
        return m.when().isPresent() ? new Located(Modifying.when(step, m.when().get()), place) : step;
    }
}
