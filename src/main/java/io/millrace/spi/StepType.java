package io.millrace.spi;

/** A step that flows can use. */
public non-sealed interface StepType extends Component {
    /**
     * Compiles one use of the step, on the event loop of the stage instance that will run it.
     *
     * @throws Failure if it cannot work with these settings
     */
    Step build(Settings settings, Assembly assembly);
}
