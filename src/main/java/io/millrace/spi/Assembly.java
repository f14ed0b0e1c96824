package io.millrace.spi;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;

/** What a component is built from besides its settings: the services of one run. */
public interface Assembly {
    Vertx vertx();

    /** The stage it is built for; empty for a resource. */
    String stage();

    /** The flow's name. */
    String flow();

    /**
     * A resource of the flow, open: the named one; without a name the only one declared of its kind, or, where none is, one with
     * default settings. The component's spec must declare the use with {@link Spec.Builder#uses}.
     */
    <R extends Resource> R resource(Optional<String> name, String kind, Class<R> type);

    /** Compiles the steps within a step. */
    Step compile(Block steps);

    /** The steps of a function of the flow; it may call itself. */
    Step function(String name);

    /**
     * What all components of this run on this node share under a key, made when first asked for. It has to be safe for use by several
     * event loops.
     */
    <T> T shared(String key, Class<T> type, Supplier<T> made);

    /** Locks that hold for all processes of the run; empty if there is but this one. */
    default Optional<RunLocks> runLocks() {
        return Optional.empty();
    }

    Expressions expressions();

    /** Variables that are known from the start: {@code $env $params $run $resources}. */
    Variables variables();

    /** Runs what blocks in the default worker pool; the future completes on the caller's event loop. For sources, sinks and resources. */
    <T> Future<T> blocking(Callable<T> work);

    /**
     * Registers what must be done before a step gets its first item and would hold an event loop: called once, when the steps of its
     * stage instance are compiled. If it fails, the run does.
     */
    void onOpen(Supplier<Future<Void>> open);

    /**
     * Registers what closes something that a step keeps open between items, as a process: called once, when its stage instance has
     * ended. Sources, sinks and resources are closed by their own {@code close}.
     */
    void onClose(Supplier<Future<Void>> close);

    /** The embedded PostgreSQL server, started when first asked for. */
    Future<DatabaseAddress> embeddedDatabase();

    /** Resolves a path of the flow against the working directory. */
    Path path(String text);

    /** The text without the values of secret parameters: for what people get to see. */
    String redact(String text);

    /** Standard output: data alone. */
    PrintStream out();

    /** Standard input. */
    InputStream in();

    /** Whether the sources that feed this stage never end, so that there is no end at which a file would get its name. */
    boolean endless();
}
