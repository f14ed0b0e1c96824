package io.millrace.spi;

/** A source that flows can use. */
public non-sealed interface SourceType extends Component {
    /** Makes a source, on the event loop on which it will be read. Nothing is opened yet. */
    Source build(Settings settings, Assembly assembly);
}
