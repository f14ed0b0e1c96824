package io.millrace.catalog;

import io.millrace.spi.Component;
import io.millrace.spi.Components;
import io.millrace.spi.Connector;
import io.millrace.spi.ResourceType;
import io.millrace.spi.SinkType;
import io.millrace.spi.SourceType;
import io.millrace.spi.Spec;
import io.millrace.spi.StepType;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.SortedMap;
import java.util.TreeMap;

/** All components by kind and name. Two of the same kind and name are a mistake of whoever put the jars together. */
public final class Catalog implements Components {
    private final Map<Spec.Kind, SortedMap<String, Component>> byKind = new EnumMap<>(Spec.Kind.class);

    private Catalog(Iterable<Connector> connectors) {
        connectors.forEach(connector -> connector.components().forEach(component -> add(component, connector)));
    }

    /** What the class path offers as a {@link Connector} service. */
    public static Catalog load() {
        return new Catalog(ServiceLoader.load(Connector.class));
    }

    /** These connectors and no others. */
    public static Catalog of(List<Connector> connectors) {
        return new Catalog(connectors);
    }

    private void add(Component component, Connector connector) {
        Spec spec = component.spec();
        Component other =
                byKind.computeIfAbsent(spec.kind(), kind -> new TreeMap<>()).putIfAbsent(spec.name(), component);
        if (other != null) {
            throw new IllegalStateException("two components are the " + spec.kind() + " \"" + spec.name() + "\": "
                    + other.getClass().getName() + " and "
                    + component.getClass().getName() + " of "
                    + connector.getClass().getName());
        }
    }

    @Override
    public Collection<String> names(Spec.Kind kind) {
        return byKind.getOrDefault(kind, new TreeMap<>()).keySet();
    }

    /** Every component of the name: a source and a step, say, may share one. In the order of {@link Spec.Kind}. */
    public List<Component> named(String name) {
        return byKind.values().stream()
                .flatMap(components -> Optional.ofNullable(components.get(name)).stream())
                .toList();
    }

    @Override
    public Optional<StepType> step(String name) {
        return find(Spec.Kind.STEP, name, StepType.class);
    }

    @Override
    public Optional<SourceType> source(String name) {
        return find(Spec.Kind.SOURCE, name, SourceType.class);
    }

    @Override
    public Optional<SinkType> sink(String name) {
        return find(Spec.Kind.SINK, name, SinkType.class);
    }

    @Override
    public Optional<ResourceType> resource(String kind) {
        return find(Spec.Kind.RESOURCE, kind, ResourceType.class);
    }

    private <C extends Component> Optional<C> find(Spec.Kind kind, String name, Class<C> type) {
        return Optional.ofNullable(byKind.getOrDefault(kind, new TreeMap<>()).get(name))
                .map(type::cast);
    }
}
