package io.millrace.spi;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.Charset;
import org.jspecify.annotations.Nullable;

/** The name of a character set. */
record CharsetType() implements Type<Charset> {
    private static final Type<String> NAME = Types.string();

    @Override
    public String noun() {
        return "a character set such as utf-8, iso-8859-1 or utf-16";
    }

    @Override
    public ObjectNode schema() {
        return NAME.schema();
    }

    @Override
    public @Nullable Charset read(Cursor at, Check check) {
        String name = NAME.read(at, check);
        try {
            return name == null ? null : Charset.forName(name);
        } catch (IllegalArgumentException e) {
            check.error(at, "\"" + name + "\" is no character set.", "Write " + noun() + ".");
            return null;
        }
    }
}
