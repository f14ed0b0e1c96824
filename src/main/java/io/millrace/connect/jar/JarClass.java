package io.millrace.connect.jar;

import io.millrace.connect.jar.BadClass.Part;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** A class in a jar. */
record JarClass(String name, Path jar) {
    /** Looks whether it can be a step, without running any of it. */
    void check(boolean withConfig) throws BadClass {
        try (JarLoader loader = new JarLoader(jar)) {
            constructor(load(loader), withConfig);
        } catch (IOException e) {
            throw BadClass.of(jar.getFileName() + " cannot be read: " + e.getMessage() + ".", "Build it again.");
        }
    }

    /** The class, not initialized yet, and known to be a function. */
    Class<?> load(JarLoader loader) throws BadClass {
        Class<?> found;
        try {
            found = Class.forName(name, false, loader);
        } catch (UnsupportedClassVersionError newer) {
            int feature = Runtime.version().feature();
            throw BadClass.of(
                    "\"" + name + "\" was compiled for a newer Java than this one, " + feature + ".",
                    "Compile it with --release " + feature + ", or run Millrace on a newer Java.");
        } catch (ClassNotFoundException | LinkageError broken) {
            throw linkage(broken);
        }
        if (!Modifier.isPublic(found.getModifiers())
                || Modifier.isAbstract(found.getModifiers())
                || found.isInterface()) {
            throw BadClass.of(
                    "\"" + name + "\" is no public class of which objects can be made.",
                    "Make it public, not abstract.");
        }
        if (!Function.class.isAssignableFrom(found)) {
            throw BadClass.of(
                    "\"" + name + "\" is no java.util.function.Function.",
                    "Let it implement Function<Map<String, Object>, Object>.");
        }
        return found;
    }

    private BadClass linkage(Throwable broken) {
        String missing = String.valueOf(broken.getMessage()).replace('/', '.');
        return broken instanceof NoClassDefFoundError || broken instanceof ClassNotFoundException
                ? BadClass.of(
                        "\"" + name + "\" needs the class " + missing + ", which is neither in " + jar.getFileName()
                                + " nor in Java.",
                        "Put it into the jar, or name its jar in Class-Path of the manifest.")
                : BadClass.of("\"" + name + "\" cannot be loaded: " + broken + ".", "Build the jar again.");
    }

    /** The constructor with a Map where the flow gives a config, or where there is no other. */
    Constructor<?> constructor(Class<?> of, boolean withConfig) throws BadClass {
        try {
            Optional<Constructor<?>> empty = constructor(of);
            Optional<Constructor<?>> map = constructor(of, Map.class);
            if (withConfig && map.isEmpty() && empty.isPresent()) {
                throw new BadClass(
                        Part.CONFIG,
                        "\"" + name + "\" takes no config: it has no public constructor with a Map.",
                        "Remove config, or add the constructor.");
            }
            return Optional.ofNullable(
                            withConfig ? map.orElse(null) : empty.or(() -> map).orElse(null))
                    .orElseThrow(() -> BadClass.of(
                            "\"" + name + "\" has no public constructor that takes nothing or one Map.", "Add one."));
        } catch (LinkageError broken) {
            throw linkage(broken);
        }
    }

    private static Optional<Constructor<?>> constructor(Class<?> of, Class<?>... parameters) {
        return Stream.of(of.getConstructors())
                .filter(each -> java.util.Arrays.equals(each.getParameterTypes(), parameters))
                .findAny();
    }
}
