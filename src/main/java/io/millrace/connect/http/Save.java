package io.millrace.connect.http;

import com.fasterxml.jackson.databind.node.TextNode;
import io.millrace.spi.Assembly;
import io.millrace.spi.Dynamic;
import io.millrace.spi.Expressions.BadExpression;
import io.millrace.spi.Failure;
import io.millrace.spi.Frame;
import io.millrace.spi.Settings;
import io.millrace.spi.Template;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * Where the body of an answer is saved.
 *
 * @param folder no file is written outside of it
 */
record Save(Dynamic<String> path, Path folder, Exists exists, Optional<Dynamic<String>> sha256, Assembly assembly) {
    /** What to do when the file is there. */
    enum Exists {
        RESUME,
        SKIP,
        REPLACE,
        FAIL
    }

    static Optional<Save> of(Settings settings, Assembly assembly) {
        return settings.find(StepFields.SAVE)
                .map(path -> new Save(
                        path,
                        folderOf(path.source().asText(), assembly),
                        settings.get(StepFields.EXISTS),
                        settings.find(StepFields.SHA256),
                        assembly));
    }

    /** The longest part of the path that ends with a slash and is the same for all items. */
    private static Path folderOf(String template, Assembly assembly) {
        for (int end = template.lastIndexOf('/'); end >= 0; end = template.lastIndexOf('/', end - 1)) {
            Optional<String> folder = staticText(template.substring(0, end + 1), assembly);
            if (folder.isPresent()) {
                return assembly.path(folder.get()).toAbsolutePath().normalize();
            }
        }
        return assembly.path("").toAbsolutePath().normalize();
    }

    private static Optional<String> staticText(String text, Assembly assembly) {
        try {
            Template template = assembly.expressions().template(TextNode.valueOf(text));
            return template.isStatic()
                    ? Optional.of(template.eval(TextNode.valueOf(""), assembly.variables())
                            .asText())
                    : Optional.empty();
        } catch (BadExpression cutInside) {
            return Optional.empty();
        }
    }

    /** The file for an item. Throws BAD_DATA for one outside of the folder. */
    Path file(Frame frame) {
        String text = path.get(frame);
        try {
            Path file = assembly.path(text).toAbsolutePath().normalize();
            if (file.startsWith(folder) && !file.equals(folder)) {
                return file;
            }
        } catch (InvalidPathException unusable) {
            throw Failure.badData("\"" + text + "\" is not a path: " + unusable.getReason());
        }
        throw Failure.badData("\"" + text + "\" lies outside of " + folder + ", the folder that \"save\" begins with");
    }

    Optional<String> expectedHash(Frame frame) {
        return sha256.map(hash -> hash.get(frame).toLowerCase(Locale.ROOT));
    }
}
