package io.millrace.connect.file;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.millrace.spi.Assembly;
import io.millrace.spi.Expressions;
import io.millrace.spi.Failure;
import io.millrace.spi.Template;
import io.millrace.spi.Variables;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where to write, for each item. Whatever an item holds, the path stays under the folder that is known before the first item: in
 * {@code out/${.town}/x.jsonl} that is {@code out}; where nothing is known it is the working directory. So no item can reach into
 * {@code ../../etc}.
 */
final class PathTemplate {
    private final Template template;
    private final Path directory;
    private final Path root;
    private final Optional<Path> constant;

    private PathTemplate(Template template, Path directory, Path root, Optional<Path> constant) {
        this.template = template;
        this.directory = directory;
        this.root = root;
        this.constant = constant;
    }

    static PathTemplate of(Template template, Assembly assembly) {
        Path directory = assembly.path("").toAbsolutePath().normalize();
        if (template.isLiteral() || template.isStatic()) {
            Path path = path(text(template.eval(NullNode.instance, assembly.variables())), directory);
            return new PathTemplate(template, directory, directory, Optional.of(path));
        }
        return new PathTemplate(template, directory, root(template, directory, assembly), Optional.empty());
    }

    /** The longest part before a slash that no item has a say in. */
    private static Path root(Template template, Path directory, Assembly assembly) {
        String text = template.source().asText();
        for (int slash = text.lastIndexOf('/'); slash >= 0; slash = text.lastIndexOf('/', slash - 1)) {
            Optional<String> prefix = constantPart(text.substring(0, slash + 1), assembly);
            if (prefix.isPresent()) {
                return path(prefix.get(), directory);
            }
        }
        return directory;
    }

    private static Optional<String> constantPart(String prefix, Assembly assembly) {
        try {
            Template part = assembly.expressions().template(TextNode.valueOf(prefix));
            return part.isLiteral() || part.isStatic()
                    ? Optional.of(text(part.eval(NullNode.instance, assembly.variables())))
                    : Optional.empty();
        } catch (Expressions.BadExpression e) {
            return Optional.empty(); // cut within an expression
        }
    }

    /** The path, if it is the same for every item. */
    Optional<Path> constant() {
        return constant;
    }

    /** Whether a part of the path stands before what items say. */
    boolean hasRoot() {
        return constant.isPresent() || !root.equals(directory);
    }

    /** As the flow has it, for messages. */
    String source() {
        return template.source().asText();
    }

    /** The path as people know it: relative to the working directory if it is below. */
    String shown(Path path) {
        return path.startsWith(directory) ? directory.relativize(path).toString() : path.toString();
    }

    /** The absolute path for an item. Throws BAD_DATA if it would lie outside. */
    Path of(ObjectNode document, Variables variables) {
        Path path = anywhere(document, variables);
        if (constant.isEmpty() && (!path.startsWith(root) || path.equals(root))) {
            throw Failure.badData("the path " + path + " is not below " + root + ", as `" + source() + "` demands");
        }
        return path;
    }

    /** The absolute path for an item, wherever it lies: for reading. */
    Path anywhere(ObjectNode document, Variables variables) {
        return constant.orElseGet(() -> path(text(template.eval(document, variables)), directory));
    }

    private static String text(JsonNode value) {
        if (value.isTextual() && !value.textValue().isBlank()) {
            return value.textValue();
        }
        if (value.isNumber()) {
            return value.asText();
        }
        throw Failure.badData("a path must be a text, not " + value);
    }

    private static Path path(String text, Path directory) {
        try {
            return directory.resolve(text).normalize();
        } catch (InvalidPathException e) {
            throw Failure.badData("\"" + e.getInput() + "\" is no path: " + e.getReason());
        }
    }
}
