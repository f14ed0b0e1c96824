package io.millrace.connect.jar;

import io.millrace.spi.Failure;
import io.millrace.spi.Failure.Kind;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The object of one stage instance: made in a worker before the first item, closed in one after the last. */
final class JavaObject {
    /** Finds the class in its jar. */
    @FunctionalInterface
    interface Finder {
        JarClass find() throws BadClass;
    }

    private final Finder finder;
    private final @Nullable Object config;
    private final JarLoaders loaders;
    private @Nullable JarClass found;
    private @Nullable JarLoader loader;
    private @Nullable Object object;

    JavaObject(Finder finder, @Nullable Object config, JarLoaders loaders) {
        this.finder = finder;
        this.config = config;
        this.loaders = loaders;
    }

    /** Throws {@link Failure} if the constructor does not make one. */
    @SuppressWarnings("unchecked") // a value of another type than it takes is told when it is called
    Function<@Nullable Object, @Nullable Object> make() {
        try {
            JarClass in = finder.find();
            JarLoader own = loaders.take(in.jar());
            found = in;
            loader = own;
            Object made = Guest.call(own, () -> make(in, own));
            object = made;
            return (Function<@Nullable Object, @Nullable Object>) Objects.requireNonNull(made);
        } catch (BadClass bad) {
            throw Failure.of(Kind.BUG, bad.what() + " " + bad.mend());
        } catch (InvocationTargetException e) {
            throw notMade(Objects.requireNonNullElse(e.getCause(), e));
        } catch (Exception | LinkageError e) {
            throw notMade(e);
        }
    }

    private Object make(JarClass in, JarLoader own) throws Exception {
        Class<?> of = in.load(own);
        Constructor<?> constructor = in.constructor(of, config != null);
        return constructor.getParameterCount() == 0
                ? constructor.newInstance()
                : constructor.newInstance(config == null ? Map.of() : config);
    }

    private Failure notMade(Throwable thrown) {
        return Failure.of(Kind.BUG, name() + " could not be made: " + Thrown.said(thrown), thrown);
    }

    private String name() {
        return found == null ? "an object" : found.name();
    }

    JarLoader loader() {
        return Objects.requireNonNull(loader);
    }

    /** Closes the object if it can be closed, and the jar. */
    @Nullable
    Void close() throws Exception {
        try {
            if (object instanceof AutoCloseable closeable) {
                Guest.call(loader(), (Callable<@Nullable Void>) () -> {
                    closeable.close();
                    return null;
                });
            }
        } finally {
            leaveJar();
        }
        return null;
    }

    private void leaveJar() throws IOException {
        if (found != null) {
            loaders.giveBack(found.jar());
            found = null;
        }
    }
}
