package io.millrace.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.spi.Component;
import io.millrace.spi.Components;

/** The components and what is written about them. Made when first asked for. */
public interface ComponentDocs {
    Components components();

    /** The reference page of a component, as text for a terminal. */
    String page(Component component);

    /** The JSON Schema of the flow language. */
    JsonNode schema();
}
