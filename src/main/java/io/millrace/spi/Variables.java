package io.millrace.spi;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What an expression can see besides its input: {@code $env $params $resources $run} and, for an item, {@code $meta $outer}. */
@FunctionalInterface
public interface Variables {
    /** Names that are known before the first item: settings over these alone are evaluated once, at start. */
    Set<String> STATIC = Set.of("env", "params", "resources", "run");

    /** Names that only an item has. */
    Set<String> PER_ITEM = Set.of("meta", "outer");

    /** No variable has a value. */
    Variables NONE = name -> null;

    /** The value of the variable, without {@code $}; null when it has none here. */
    @Nullable
    JsonNode variable(String name);
}
