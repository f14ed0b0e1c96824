package io.millrace.connect.jar;

import io.millrace.connect.jar.BadClass.Part;
import io.millrace.spi.Nearest;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;

/** The folder of jars. Only read; nothing in them is run. */
record Plugins(Path folder) {
    private static final int SHOWN = 6;

    /**
     * The jar that has the class.
     *
     * @param jar its file name, where the flow gives it
     */
    JarClass find(String name, Optional<String> jar) throws BadClass {
        Map<String, Path> jars = jars();
        if (jar.isPresent()) {
            return new JarClass(name, only(jars, jar.get(), name));
        }
        List<Path> having = new ArrayList<>();
        for (Path each : jars.values()) {
            if (has(each, name)) {
                having.add(each);
            }
        }
        if (having.isEmpty()) {
            throw BadClass.of("No jar in " + folder + " has the class \"" + name + "\".", meant(name, jars));
        }
        if (having.size() > 1) {
            throw BadClass.of(
                    "Several jars have the class \"" + name + "\": " + names(having) + ".", "Name one with \"jar\".");
        }
        return new JarClass(name, having.get(0));
    }

    private Path only(Map<String, Path> jars, String jar, String name) throws BadClass {
        Path found = jars.get(jar);
        if (found == null) {
            String mend = Nearest.to(jar, jars.keySet())
                    .map(near -> "Did you mean \"" + near + "\"?")
                    .orElseGet(() -> "There is " + names(jars.values()) + ".");
            throw new BadClass(Part.JAR, "There is no jar \"" + jar + "\" in " + folder + ".", mend);
        }
        if (!has(found, name)) {
            throw BadClass.of("\"" + jar + "\" has no class \"" + name + "\".", meant(name, Map.of(jar, found)));
        }
        return found;
    }

    private Map<String, Path> jars() throws BadClass {
        Map<String, Path> jars = new TreeMap<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.jar")) {
            files.forEach(file -> jars.put(file.getFileName().toString(), file));
        } catch (IOException e) {
            String what = Files.exists(folder)
                    ? "The plugins folder " + folder + " cannot be read: " + e.getMessage() + "."
                    : "There is no plugins folder " + folder + ".";
            throw BadClass.of(what, "Put the jar into it, or name another folder with --plugins.");
        }
        if (jars.isEmpty()) {
            throw BadClass.of(
                    "There is no jar in " + folder + ".", "Put the jar there, or name another folder with --plugins.");
        }
        return jars;
    }

    private static boolean has(Path jar, String name) throws BadClass {
        return entries(jar).contains(name);
    }

    /** The names of the top-level and public nested classes, as far as names tell. */
    private static List<String> entries(Path jar) throws BadClass {
        try (JarFile file = new JarFile(jar.toFile())) {
            return file.stream()
                    .map(ZipEntry::getName)
                    .filter(entry -> entry.endsWith(".class") && !entry.startsWith("META-INF/"))
                    .map(entry -> entry.substring(0, entry.length() - ".class".length())
                            .replace('/', '.'))
                    .toList();
        } catch (IOException e) {
            throw BadClass.of(
                    jar.getFileName() + " cannot be read: " + e.getMessage() + ".", "Build it again, or remove it.");
        }
    }

    private static String meant(String name, Map<String, Path> jars) throws BadClass {
        Map<String, String> known = new TreeMap<>();
        for (Map.Entry<String, Path> jar : jars.entrySet()) {
            entries(jar.getValue()).stream()
                    .filter(entry -> !entry.contains("$") && !entry.endsWith("-info"))
                    .forEach(entry -> known.put(entry, jar.getKey()));
        }
        return Nearest.to(name, known.keySet())
                .or(() -> known.keySet().stream()
                        .filter(full -> simple(full).equalsIgnoreCase(simple(name)))
                        .findFirst())
                .map(near -> "Did you mean \"" + near + "\" of " + known.get(near) + "?")
                .orElseGet(() -> "There is "
                        + known.keySet().stream().limit(SHOWN).collect(Collectors.joining(", "))
                        + (known.size() > SHOWN ? ", …" : "."));
    }

    private static String simple(String name) {
        return name.substring(name.lastIndexOf('.') + 1);
    }

    private static String names(Iterable<Path> jars) {
        List<String> names = new ArrayList<>();
        jars.forEach(jar -> names.add(jar.getFileName().toString()));
        return String.join(", ", names);
    }
}
