package io.millrace.flow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.flow.Flow.ResourceDef;
import io.millrace.flow.FlowReader.Request;
import io.millrace.spi.Cursor;
import io.millrace.spi.Settings;
import io.millrace.spi.Spec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A flow file that could be read as JSON; its settings are read again as more of their values become known. */
final class ReadFlow implements CheckedFlow {
    private final FlowReader reader;
    private final Request request;
    private final String name;
    private final ObjectNode root;
    private final Positions positions;
    private final List<Problem> problems;
    private final Declared declared;
    private final Known known;
    private final Set<String> secrets;
    private final Map<String, String> implicit;
    private final boolean durable;
    private final boolean shared;
    private final List<Delivery> delivery;

    ReadFlow(
            FlowReader reader,
            Request request,
            String name,
            ObjectNode root,
            Positions positions,
            Problems problems,
            Declared declared,
            Uses uses,
            Known known,
            Set<String> secrets,
            boolean durable,
            boolean shared,
            List<Delivery> delivery) {
        this.reader = reader;
        this.request = request;
        this.name = name;
        this.root = root;
        this.positions = positions;
        this.problems = problems.inOrder();
        this.declared = declared;
        this.known = known;
        this.secrets = Set.copyOf(secrets);
        this.implicit = implicit(uses, declared);
        this.durable = durable;
        this.shared = shared;
        this.delivery = delivery;
    }

    /** Names of resources that nobody declared, with their kinds; a kind whose name is taken by another resource gets one beside it. */
    private static Map<String, String> implicit(Uses uses, Declared declared) {
        Map<String, String> names = new LinkedHashMap<>();
        for (String kind : uses.implicitKinds()) {
            String free = kind;
            while (declared.resources().containsKey(free)) {
                free += "-default";
            }
            names.put(free, kind);
        }
        return names;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public List<Problem> problems() {
        return problems;
    }

    @Override
    public Set<String> secrets() {
        return secrets;
    }

    @Override
    public Graph graph() {
        return Graph.of(name, root, name);
    }

    @Override
    public Optional<String> store() {
        JsonNode named = root.path(Language.DURABLE.name());
        return named.isTextual() ? Optional.of(named.textValue()) : Optional.empty();
    }

    @Override
    public boolean durable() {
        return durable;
    }

    @Override
    public boolean shared() {
        return shared;
    }

    @Override
    public List<Delivery> delivery() {
        return delivery;
    }

    @Override
    public ObjectNode shape() {
        return new ShapeDrawing(reader.components(), root).draw(name);
    }

    @Override
    public String paramsHash() {
        ObjectNode params = Optional.ofNullable(known.values().get("params")).orElseThrow();
        ObjectNode open = params.deepCopy();
        params.fieldNames().forEachRemaining(name -> {
            if (Params.isSecret(root, name)) {
                open.remove(name);
            }
        });
        return Hash.of(open);
    }

    @Override
    public Map<String, ObjectNode> variables() {
        return known.values();
    }

    @Override
    public List<String> resourceNames() {
        List<String> names = new ArrayList<>(declared.resources().keySet());
        names.addAll(implicit.keySet());
        return List.copyOf(names);
    }

    @Override
    public ResourceDef resource(String resource, ObjectNode open) {
        Problems now = new Problems(request.file(), positions);
        now.hide(secrets);
        FlowCheck check = reader.again(now, declared, known.with(open), request.plugins());
        ResourceDef read = resource(resource, check);
        if (now.hasErrors() || read == null) {
            throw new FlowException(now.errors());
        }
        return read;
    }

    private @org.jspecify.annotations.Nullable ResourceDef resource(String resource, FlowCheck check) {
        String kind = implicit.get(resource);
        ComponentType type = new ComponentType(Spec.Kind.RESOURCE);
        Cursor at = kind == null
                ? new Cursor(root, "").child(Language.RESOURCES.name()).child(resource)
                : new Cursor(JsonNodeFactory.instance.textNode(kind), "");
        ComponentType.Found found = io.millrace.spi.Types.read(type, at, check).orElse(null);
        return found == null ? null : FlowBuilder.resource(resource, found);
    }

    @Override
    public Flow flow(ObjectNode open) {
        Problems now = new Problems(request.file(), positions);
        now.hide(secrets);
        FlowCheck check = reader.again(now, declared, known.with(open), request.plugins());
        Settings flow = check.settings(new Cursor(root, ""), Language.FLOW);
        Map<String, ResourceDef> resources = new LinkedHashMap<>();
        for (String resource : resourceNames()) {
            Optional.ofNullable(resource(resource, check)).ifPresent(def -> resources.put(resource, def));
        }
        if (flow == null || now.hasErrors()) {
            throw new FlowException(now.errors());
        }
        ObjectNode params = Optional.ofNullable(known.values().get("params")).orElseThrow();
        return new FlowBuilder(name, request.path(), params, check).build(flow, Collections.unmodifiableMap(resources));
    }

    /** A file that is no JSON object. */
    record Unreadable(String name, List<Problem> problems) implements CheckedFlow {
        @Override
        public Graph graph() {
            return new Graph(name, List.of(), List.of());
        }

        @Override
        public ObjectNode shape() {
            return JsonNodeFactory.instance.objectNode();
        }

        @Override
        public String paramsHash() {
            return "";
        }

        @Override
        public Map<String, ObjectNode> variables() {
            return Map.of();
        }

        @Override
        public List<String> resourceNames() {
            return List.of();
        }

        @Override
        public ResourceDef resource(String resource, ObjectNode open) {
            throw new FlowException(problems);
        }

        @Override
        public Flow flow(ObjectNode open) {
            throw new FlowException(problems);
        }
    }
}
