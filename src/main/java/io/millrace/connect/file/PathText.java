package io.millrace.connect.file;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.spi.Check;
import io.millrace.spi.Cursor;
import io.millrace.spi.Template;
import io.millrace.spi.Type;
import io.millrace.spi.Types;
import org.jspecify.annotations.Nullable;

/** A path that may be a template. */
record PathText() implements Type<Template> {
    private static final Type<String> TEXT = Types.string();

    @Override
    public String noun() {
        return "a path such as out/${.town}.jsonl";
    }

    @Override
    public ObjectNode schema() {
        return TEXT.schema();
    }

    @Override
    public boolean perItem() {
        return true;
    }

    @Override
    public @Nullable Template read(Cursor at, Check check) {
        return TEXT.read(at, check) == null ? null : check.template(at);
    }
}
