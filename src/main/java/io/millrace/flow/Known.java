package io.millrace.flow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.spi.Template;
import io.millrace.spi.Variables;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the variables hold, as far as that is known in this pass over the flow.
 *
 * @param values {@code env params run}, and {@code resources} once they are open
 * @param openParams parameters without a value, because the flow is only checked or their value is wrong
 */
record Known(Map<String, ObjectNode> values, Set<String> openParams) implements Variables {
    @Override
    public @Nullable JsonNode variable(String name) {
        return values.get(name);
    }

    /** Whether everything that the template reads has its value by now. */
    boolean covers(Template template) {
        return values.keySet().containsAll(template.variables())
                && Mentions.in(template, "params").stream()
                        .noneMatch(
                                name -> name.equals(Mentions.ANY) ? !openParams.isEmpty() : openParams.contains(name));
    }

    /** The same, with what the open resources show. */
    Known with(ObjectNode resources) {
        Map<String, ObjectNode> more = new LinkedHashMap<>(values);
        more.put("resources", resources);
        return new Known(Map.copyOf(more), openParams);
    }
}
