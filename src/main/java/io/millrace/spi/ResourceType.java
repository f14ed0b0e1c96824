package io.millrace.spi;

/** A kind of resource that flows can declare; the name of its spec is the kind. */
public non-sealed interface ResourceType extends Component {
    /** Makes a resource. Nothing is opened yet. */
    Resource build(Settings settings, Assembly assembly);
}
