package io.millrace.engine.item;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** A document on its way to a stage, sent when the steps that emitted it have succeeded. */
public record Emission(String stage, ObjectNode document) {}
