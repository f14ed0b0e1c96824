package io.millrace.spi;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** Any JSON value with templates, evaluated for each item. */
record TemplateType() implements Type<Template> {
    @Override
    public String noun() {
        return "a JSON value, with ${ jq } in its strings";
    }

    @Override
    public ObjectNode schema() {
        return JsonNodeFactory.instance.objectNode();
    }

    @Override
    public boolean perItem() {
        return true;
    }

    @Override
    public @Nullable Template read(Cursor at, Check check) {
        return check.template(at);
    }
}
