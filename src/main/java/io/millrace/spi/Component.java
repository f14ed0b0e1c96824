package io.millrace.spi;

/** What stands behind one name in a flow. Its classes hold no state: what is built from them does. */
public sealed interface Component permits StepType, SourceType, SinkType, ResourceType {
    /** The declaration; always the same object. */
    Spec spec();
}
