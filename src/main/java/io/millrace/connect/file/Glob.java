package io.millrace.connect.file;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A pattern over file names: {@code *} and {@code ?} within a name, {@code **} over folders (also none), {@code [a-z]},
 * {@code {a,b}}.
 */
final class Glob {
    private final String base;
    private final Pattern pattern;
    private final int depth;

    private Glob(String base, String rest) {
        this.base = base;
        this.pattern = Pattern.compile(regex(rest));
        this.depth = rest.contains("**") ? Integer.MAX_VALUE : rest.split("/").length;
    }

    /** Splits the pattern into the folder where the search starts and what is sought below. */
    static Glob of(String pattern) {
        int magic = indexOfMagic(pattern);
        int slash = pattern.lastIndexOf('/', magic < 0 ? pattern.length() : magic);
        return new Glob(pattern.substring(0, slash + 1), pattern.substring(slash + 1));
    }

    static boolean isGlob(String text) {
        return indexOfMagic(text) >= 0;
    }

    /** The folder above the first wildcard, as written; empty for the working directory. */
    String base() {
        return base;
    }

    /** The regular files that match, sorted by path, each as base and rest. Folders that cannot be read are passed over. */
    List<Path> find(Path directory) throws IOException {
        Path start = directory.resolve(base);
        if (!Files.isDirectory(start)) {
            throw new NoSuchFileException(start.toString());
        }
        List<Path> found = new ArrayList<>();
        Files.walkFileTree(
                start, EnumSet.noneOf(java.nio.file.FileVisitOption.class), depth, new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                        Path rest = start.relativize(file);
                        if (pattern.matcher(rest.toString().replace('\\', '/')).matches()
                                && Files.isRegularFile(file)) {
                            found.add(Path.of(base).resolve(rest));
                        }
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFileFailed(Path file, IOException e) {
                        return FileVisitResult.CONTINUE;
                    }
                });
        Collections.sort(found);
        return found;
    }

    private static int indexOfMagic(String text) {
        for (int i = 0; i < text.length(); i++) {
            if ("*?[{".indexOf(text.charAt(i)) >= 0) {
                return i;
            }
        }
        return -1;
    }

    private static String regex(String glob) {
        StringBuilder regex = new StringBuilder();
        boolean inBraces = false;
        for (int i = 0; i < glob.length(); i++) {
            char c = glob.charAt(i);
            if (glob.startsWith("**/", i)) {
                regex.append("(?:.*/)?");
                i += 2;
            } else if (glob.startsWith("**", i)) {
                regex.append(".*");
                i++;
            } else if (c == '[' && glob.indexOf(']', i + 2) > 0) {
                int close = glob.indexOf(']', i + 2);
                regex.append(set(glob.substring(i + 1, close)));
                i = close;
            } else if (c == '{' && glob.indexOf('}', i) > 0) {
                regex.append("(?:");
                inBraces = true;
            } else if (inBraces && (c == ',' || c == '}')) {
                regex.append(c == ',' ? '|' : ')');
                inBraces = c == ',';
            } else {
                regex.append(c == '*' ? "[^/]*" : c == '?' ? "[^/]" : Pattern.quote(String.valueOf(c)));
            }
        }
        return regex.toString();
    }

    private static String set(String inside) {
        boolean negated = inside.startsWith("!");
        String members = (negated ? inside.substring(1) : inside).replaceAll("([\\[\\]\\\\&^])", "\\\\$1");
        return (negated ? "[^/" : "[") + members + "]";
    }
}
