package io.millrace.spi;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;

/** A compiled jq filter. Safe for use by several threads. */
public interface Jq {
    /** The filter as written. */
    String source();

    /** Names of the variables it reads, without {@code $}. */
    Set<String> variables();

    /** Whether it looks at its input at all, as {@code $params.x} does not. */
    boolean readsInput();

    /** Every output, in order. Throws {@link Failure} BAD_DATA when evaluation fails. */
    List<JsonNode> all(JsonNode input, Variables variables);

    /** The only output; none or several are BAD_DATA. */
    JsonNode one(JsonNode input, Variables variables);

    /** Whether the first output is neither false nor null; no output is false. */
    default boolean test(JsonNode input, Variables variables) {
        List<JsonNode> outputs = all(input, variables);
        return !outputs.isEmpty()
                && !outputs.get(0).isNull()
                && !(outputs.get(0).isBoolean() && !outputs.get(0).booleanValue());
    }

    default boolean test(Frame frame) {
        return test(frame.document(), frame);
    }

    default List<JsonNode> all(Frame frame) {
        return all(frame.document(), frame);
    }
}
