package io.millrace.spi;

/** A sink that flows can use. */
public non-sealed interface SinkType extends Component {
    /** Makes the sink of a stage, one for all its instances. Nothing is opened yet. */
    Sink build(Settings settings, Assembly assembly);
}
