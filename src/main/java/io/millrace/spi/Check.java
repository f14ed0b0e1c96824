package io.millrace.spi;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link Type} reads with: it reports problems, all of them, and knows the names that the flow declares. The flow is read more
 * than once: when it is checked, settings over {@code $resources} have no value yet; when it is started all have.
 */
public interface Check {
    /** Reports what is wrong at a place, and how to mend it. Both are sentences. */
    void error(Cursor at, String what, String mend);

    /** Reports what is probably not meant. */
    void warn(Cursor at, String what, String mend);

    /** Reports a word that is none of the known ones, with "did you mean" where one is near. */
    void unknown(Cursor at, String noun, String word, Collection<String> known);

    /** Compiles a filter, or reports and gives null. */
    @Nullable
    Jq jq(Cursor at, String text);

    /** Compiles a template, or reports and gives null. */
    @Nullable
    Template template(Cursor at);

    /** Compiles a template whose value is settled at start, or reports and gives null: selectors, say, may look like jq and be none. */
    default @Nullable Template fixed(Cursor at) {
        return template(at);
    }

    /** The value of a template over {@code $env $params $resources $run}; empty while it cannot be known, or after a report. */
    Optional<JsonNode> evaluate(Cursor at, Template template);

    /** Reads an object with the fields of the spec; null after a report. */
    @Nullable
    Settings settings(Cursor at, Spec spec);

    /** Reads a list of steps; null after a report. */
    @Nullable
    Block steps(Cursor at, Block.Filter filter);

    /** The folder of jars whose classes flows may use. */
    default Path plugins() {
        return Path.of("plugins").toAbsolutePath();
    }

    /** Notes the use of a name that the flow must declare, as a resource of a kind; false after a report. */
    boolean reference(Cursor at, Reference reference);
}
