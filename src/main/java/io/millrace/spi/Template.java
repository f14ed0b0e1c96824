package io.millrace.spi;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;

/**
 * A compiled JSON value whose strings may hold {@code ${ jq }}. A string that is exactly one {@code ${…}} keeps the type of its
 * value; inside a longer string a null is BAD_DATA; {@code $${} is a literal <code>${</code>. Safe for use by several threads.
 */
public interface Template {
    /** The template as written. */
    JsonNode source();

    /** Whether nothing in it is evaluated. */
    boolean isLiteral();

    /** Names of the variables it reads, without {@code $}. */
    Set<String> variables();

    /** Whether any of its expressions looks at the document. */
    boolean readsInput();

    /** Its value. Throws {@link Failure} BAD_DATA; a field of an object whose expression has no output is left out. */
    JsonNode eval(JsonNode input, Variables variables);

    default JsonNode eval(Frame frame) {
        return eval(frame.document(), frame);
    }

    /** Whether it can be evaluated once, before the first item. */
    default boolean isStatic() {
        return !readsInput() && Variables.STATIC.containsAll(variables());
    }
}
