package io.millrace.testkit;

import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/** Makes jars of classes for the plugins folder, with the compiler of the JDK that runs the tests. */
public final class PluginJars {
    private static final Path TEMPLATE = Path.of("src/docs/templates/java-step/src/main/java");
    private static @Nullable Path template;

    private PluginJars() {}

    /** A folder with the jar of the template project, made once. */
    public static synchronized Path template() {
        try {
            if (template == null) {
                Path folder = Files.createTempDirectory("plugins");
                template(folder);
                template = folder;
            }
            return template;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Puts the jar of the template project into the folder. */
    public static void template(Path folder) {
        try (Stream<Path> files = Files.walk(TEMPLATE)) {
            List<JavaFileObject> sources = files.filter(file -> file.toString().endsWith(".java"))
                    .map(file -> source(file.toUri(), read(file)))
                    .toList();
            jar(folder.resolve("word-count.jar"), sources, false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * A jar of public classes of the package {@code test}.
     *
     * @param bodies what stands behind {@code public class NAME}, by name
     */
    public static void jar(Path jar, Map<String, String> bodies) {
        jar(jar, bodies, false);
    }

    /** The same, for classes that use {@code io.millrace.spi}. */
    public static void jarWithSpi(Path jar, Map<String, String> bodies) {
        jar(jar, bodies, true);
    }

    private static void jar(Path jar, Map<String, String> bodies, boolean spi) {
        List<JavaFileObject> sources = bodies.entrySet().stream()
                .map(body -> source(
                        URI.create("string:///test/" + body.getKey() + ".java"),
                        "package test; import java.util.*; import java.util.concurrent.*; import java.util.function.*; public "
                                + (body.getValue().startsWith("!")
                                        ? body.getValue().substring(1)
                                        : "class " + body.getKey() + " " + body.getValue())))
                .toList();
        jar(jar, sources, spi);
    }

    private static void jar(Path jar, List<JavaFileObject> sources, boolean spi) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter said = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            Path classes = Files.createTempDirectory("classes");
            files.setLocationFromPaths(StandardLocation.CLASS_OUTPUT, List.of(classes));
            List<String> options = spi
                    ? List.of("-proc:none", "--release", "17")
                    : List.of("-proc:none", "--release", "17", "-cp", classes.toString());
            if (!compiler.getTask(said, files, null, options, null, sources).call()) {
                throw new AssertionError(said.toString());
            }
            pack(jar, classes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void pack(Path jar, Path classes) throws IOException {
        Files.createDirectories(jar.getParent());
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file);
                Stream<Path> all = Files.walk(classes)) {
            for (Path each : all.filter(Files::isRegularFile).toList()) {
                out.putNextEntry(new ZipEntry(classes.relativize(each).toString()));
                Files.copy(each, out);
                out.closeEntry();
            }
        }
    }

    private static JavaFileObject source(URI name, String text) {
        return new SimpleJavaFileObject(name, JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignored) {
                return text;
            }
        };
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
