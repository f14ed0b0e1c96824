package io.millrace.connect.jar;

import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;

/**
 * The classes of one jar. Java comes first, so that nothing can stand in for it; then what authors may share with Millrace; then the
 * jar itself. No other class of Millrace or of its libraries is seen: a jar brings its own versions.
 */
final class JarLoader extends URLClassLoader {
    private static final List<String> SHARED = List.of("io.millrace.spi.", "org.slf4j.");

    static {
        registerAsParallelCapable();
    }

    JarLoader(Path jar) {
        super("plugin " + jar.getFileName(), new URL[] {url(jar)}, new Shared());
    }

    private static URL url(Path jar) {
        try {
            return jar.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException("no URL for " + jar, e);
        }
    }

    /** Java, and the shared packages. */
    private static final class Shared extends ClassLoader {
        static {
            registerAsParallelCapable();
        }

        Shared() {
            super(getPlatformClassLoader());
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            if (SHARED.stream().noneMatch(name::startsWith)) {
                throw new ClassNotFoundException(name);
            }
            return Class.forName(name, true, JarLoader.class.getClassLoader());
        }
    }
}
