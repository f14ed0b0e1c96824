package io.millrace.cli;

import java.util.function.Consumer;
import sun.misc.Signal;

/** The process's signals. {@code sun.misc.Signal} is in the supported module jdk.unsupported, and nothing stands in for it. */
public final class SystemSignals implements Signals {
    @Override
    public void listen(Consumer<Kind> listener) {
        for (Kind kind : Kind.values()) {
            try {
                Signal.handle(new Signal(kind.name()), signal -> listener.accept(kind));
            } catch (IllegalArgumentException reserved) {
                // The JVM was told to leave signals alone (-Xrs): then they end it as they always do. A SIGHUP that was
                // ignored from
                // the start, as under nohup, stays ignored.
            }
        }
    }

    @Override
    public void halt(int exitCode) {
        Runtime.getRuntime().halt(exitCode);
    }
}
