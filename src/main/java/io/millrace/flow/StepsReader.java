package io.millrace.flow;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.spi.Block;
import io.millrace.spi.Cursor;
import io.millrace.spi.Field;
import io.millrace.spi.Nearest;
import io.millrace.spi.Reference;
import io.millrace.spi.Settings;
import io.millrace.spi.Spec;
import io.millrace.spi.StepType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads lists of steps, and knows where a step stands: in a stage's own list, or inside another step. */
final class StepsReader {
    private static final List<String> MODIFIERS = Language.names(Language.MODIFIERS);

    /**
     * The list around a step.
     *
     * @param ofStage whether it is a stage's own list
     * @param refuser what owes a value, so that no step in the list may end the item; empty if any may
     * @param holder what must not wait for room, as others may wait for it, or what may run the list again; empty if nothing
     */
    private record Around(boolean ofStage, String refuser, String holder) {}

    private final FlowCheck check;
    private final SettingsReader settings;
    private @Nullable Around around;
    private String step = "";
    private String holder = "";

    StepsReader(FlowCheck check, SettingsReader settings) {
        this.check = check;
        this.settings = settings;
    }

    @Nullable
    Block read(Cursor at, Block.Filter filter) {
        if (!at.json().isArray()) {
            check.error(
                    at,
                    Words.shown(at.json()) + " is not a list of steps.",
                    at.json().isObject() ? "Put the step in a list: [ … ]." : "Write [ {\"step\": …}, … ].");
            return null;
        }
        Around outer = around;
        around = inside(at, filter, outer);
        List<StepDef> steps = new ArrayList<>();
        for (int i = 0; i < at.json().size(); i++) {
            Optional.ofNullable(step(at.child(i), around)).ifPresent(steps::add);
        }
        around = outer;
        return steps.size() == at.json().size() ? new Steps(steps) : null;
    }

    private Around inside(Cursor at, Block.Filter filter, @Nullable Around outer) {
        boolean ofStage = outer == null && filter == Block.Filter.ALLOWED;
        boolean afterwards = at.pointer().endsWith("/finally") || at.pointer().endsWith("/onError");
        String held = !afterwards ? holder : outer == null ? "" : outer.holder();
        return switch (filter) {
            case ALLOWED -> new Around(ofStage, "", held);
            case AS_AROUND -> new Around(false, outer == null ? "" : outer.refuser(), held);
            case REFUSED -> new Around(false, refuser(at.pointer()), held);
        };
    }

    private String refuser(String pointer) {
        if (pointer.endsWith("/finally")) {
            return "\"finally\"";
        }
        return step.isEmpty() ? "a function" : Words.quoted(step);
    }

    private @Nullable StepDef step(Cursor at, Around list) {
        if (!at.json().isObject()) {
            check.error(at, Words.shown(at.json()) + " is not a step.", "Write {\"step\": {settings}}.");
            return null;
        }
        List<String> names = new ArrayList<>();
        at.json().fieldNames().forEachRemaining(names::add);
        List<String> steps =
                names.stream().filter(name -> type(name).isPresent()).toList();
        names.removeIf(name -> MODIFIERS.contains(name) || steps.contains(name));
        int before = check.errors();
        names.forEach(name -> unknown(at.child(name), name, steps));
        if (steps.size() != 1) {
            wrongNumber(at, steps, names);
        }
        StepDef read = steps.isEmpty() ? null : read(at, steps.get(0), list);
        return check.errors() == before ? read : null;
    }

    private void wrongNumber(Cursor at, List<String> steps, List<String> unknown) {
        if (steps.size() > 1) {
            check.errorAtName(
                    at.child(steps.get(1)),
                    Words.allOf(steps) + " are step names, and a step has exactly one.",
                    "Make two steps of them, { … }, { … }.");
        } else if (unknown.isEmpty()) {
            check.error(
                    at,
                    "This step has no step name.",
                    "Add one, such as \"map\" or \"http\": `millrace components` lists them.");
        }
    }

    private void unknown(Cursor at, String name, List<String> steps) {
        Optional<StepType> owner = steps.stream()
                .flatMap(known -> type(known).stream())
                .filter(known -> Language.names(known.spec()).contains(name))
                .findFirst();
        if (owner.isPresent()) {
            String of = owner.get().spec().name();
            check.errorAtName(
                    at,
                    Words.quoted(name) + " is a setting of " + Words.quoted(of) + ", and stands beside it.",
                    "Write {" + Words.quoted(of) + ": {" + Words.quoted(name) + ": …}}.");
            return;
        }
        for (Spec.Kind kind : List.of(Spec.Kind.SINK, Spec.Kind.SOURCE)) {
            if (steps.isEmpty() && check.find(kind, name).isPresent()) {
                check.unknownComponent(at, Spec.Kind.STEP, name);
                return;
            }
        }
        List<String> candidates = new ArrayList<>(steps.isEmpty() ? check.names(Spec.Kind.STEP) : List.of());
        candidates.addAll(MODIFIERS);
        String noun = steps.isEmpty() ? "step" : "modifier of steps";
        String mend = Nearest.to(name, candidates).isPresent() || !steps.isEmpty()
                ? check.suggestion(name, candidates)
                : "`millrace components` lists the steps.";
        check.errorAtName(at, Words.quoted(name) + " is not a " + noun + ".", mend);
    }

    private Optional<StepType> type(String name) {
        return check.find(Spec.Kind.STEP, name).map(StepType.class::cast);
    }

    private @Nullable StepDef read(Cursor at, String name, Around list) {
        StepType type = type(name).orElseThrow();
        placed(at.child(name), type.spec(), list);
        String outer = step;
        String outerHolder = holder;
        step = name;
        holder = holder(at.json(), type.spec(), list);
        Settings read = check.settings(at.child(name), type.spec());
        Settings beside = settings.among(at, Language.MODIFIERS);
        if (read != null) {
            note(at.child(name), read);
        }
        holder = outerHolder;
        step = outer;
        return read == null ? null : new StepDef(type, read, ModifiersOf.step(beside, type.spec()), at.pointer());
    }

    private static String holder(JsonNode step, Spec spec, Around list) {
        if (spec.holdsOthersUp()) {
            return spec.name();
        }
        boolean held = !list.holder().isEmpty() && !list.holder().equals(SentAtOnce.RETRY);
        return !held && step.hasNonNull(Language.RETRY.name()) ? SentAtOnce.RETRY : list.holder();
    }

    /** What is inside a function is inside whatever is around the call. */
    private void note(Cursor at, Settings read) {
        read.spec()
                .sendsAtOnce()
                .filter(field -> read.find(field).orElse(false))
                .ifPresent(field -> check.uses().sentAtOnce(at.child(field.name()), holder));
        for (Field<?> field : read.spec().fields()) {
            if (field.type().names().filter(Reference.To.FUNCTION::equals).isPresent()) {
                read.find(field).ifPresent(name -> check.uses().call(at, (String) name, holder));
            }
        }
    }

    private void placed(Cursor at, Spec spec, Around list) {
        if (spec.answers()) {
            check.uses().answer(at);
        }
        if (spec.hasEffects()) {
            check.uses().effect(at);
        }
        if (spec.stageLevelOnly() && !list.ofStage()) {
            check.errorAtName(
                    at,
                    Words.quoted(spec.name()) + " may stand only in a stage's own list of steps.",
                    "Move it there, before or after the block.");
        } else if (spec.endsItems() && !list.refuser().isEmpty()) {
            check.errorAtName(
                    at,
                    Words.quoted(spec.name()) + " cannot end the item inside " + list.refuser()
                            + ", which owes a value.",
                    "Use \"when\" or \"switch\" there, or move it out.");
        }
    }
}
