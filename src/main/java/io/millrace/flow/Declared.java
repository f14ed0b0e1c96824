package io.millrace.flow;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.spi.Components;
import io.millrace.spi.Spec;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The names that a flow declares, taken from the file as it stands, right or wrong.
 *
 * @param single whether the flow is itself its only stage
 * @param resources names and kinds, in the order of the file; the kind is empty where it is not known
 */
record Declared(
        boolean single,
        Collection<String> stages,
        Map<String, String> resources,
        Collection<String> functions,
        Collection<String> workers,
        Collection<String> params) {

    static Declared in(JsonNode root, String flow, Components components) {
        boolean single = !root.has(Language.STAGES.name());
        List<String> workers = names(root, Language.WORKERS.name());
        workers.add(BlockingType.DEFAULT_POOL);
        Map<String, String> resources = new LinkedHashMap<>();
        JsonNode declared = root.path(Language.RESOURCES.name());
        names(root, Language.RESOURCES.name())
                .forEach(name -> resources.put(name, kind(declared.get(name), components)));
        return new Declared(
                single,
                single ? List.of(flow) : names(root, Language.STAGES.name()),
                resources,
                names(root, Language.FUNCTIONS.name()),
                workers,
                names(root, Language.PARAMS.name()));
    }

    /** Resources of a kind. */
    List<String> resources(String kind) {
        return resources.entrySet().stream()
                .filter(entry -> entry.getValue().equals(kind))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Whether the place belongs to a resource that is opened no later than the named one. */
    boolean opensTooLate(String name, String pointer) {
        if (!pointer.startsWith("/resources/")) {
            return false;
        }
        for (String resource : resources.keySet()) {
            if (resource.equals(name)) {
                return pointer.startsWith(at(resource));
            }
            if (pointer.startsWith(at(resource))) {
                return true;
            }
        }
        return false;
    }

    private static String at(String resource) {
        return "/resources/" + resource.replace("~", "~0").replace("/", "~1") + "/";
    }

    private static List<String> names(JsonNode root, String field) {
        List<String> names = new ArrayList<>();
        root.path(field).fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static String kind(JsonNode resource, Components components) {
        Collection<String> kinds = components.names(Spec.Kind.RESOURCE);
        if (resource.isTextual()) {
            return kinds.contains(resource.textValue()) ? resource.textValue() : "";
        }
        List<String> found = new ArrayList<>();
        resource.fieldNames().forEachRemaining(found::add);
        return found.stream().filter(kinds::contains).findFirst().orElse("");
    }
}
