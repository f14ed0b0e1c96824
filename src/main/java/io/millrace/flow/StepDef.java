package io.millrace.flow;

import io.millrace.spi.Settings;
import io.millrace.spi.StepType;

/**
 * One step of a flow.
 *
 * @param type the component
 * @param settings its settings
 * @param modifiers what stands beside the step's name
 * @param pointer JSON pointer of the step in the flow file
 */
public record StepDef(StepType type, Settings settings, Modifiers modifiers, String pointer) {
    /** The label given with {@code name}, else the component's name. */
    public String label() {
        return modifiers.name().orElse(type.spec().name());
    }
}
