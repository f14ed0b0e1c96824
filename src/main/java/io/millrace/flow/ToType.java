package io.millrace.flow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.spi.Check;
import io.millrace.spi.Cursor;
import io.millrace.spi.Settings;
import io.millrace.spi.Type;
import io.millrace.spi.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where results go: a stage, a list of stages, or a list of rules. */
record ToType() implements Type<To> {
    @Override
    public String noun() {
        return "the name of a stage, a list of names, or a list of rules {\"when\": …, \"to\": …}";
    }

    @Override
    public ObjectNode schema() {
        ObjectNode schema = JsonNodeFactory.instance.objectNode();
        ObjectNode items = JsonNodeFactory.instance.objectNode();
        items.putArray("anyOf").add(Refs.type("string")).add(Language.rule().schema());
        ObjectNode list = Refs.type("array").put("minItems", 1);
        list.set("items", items);
        schema.putArray("anyOf").add(Refs.type("string")).add(list);
        return schema;
    }

    @Override
    public @Nullable To read(Cursor at, Check check) {
        JsonNode json = at.json();
        if (json.isTextual()) {
            Optional<Optional<String>> target = Types.read(new TargetType(), at, check);
            return target.map(ToType::toOne).orElse(null);
        }
        if (!json.isArray() || json.isEmpty()) {
            String mend = json.isObject() ? "Put the rule in a list: [ … ]." : "Write " + noun() + ".";
            check.error(at, Words.shown(json) + " does not say where results go.", mend);
            return null;
        }
        return json.get(0).isObject() ? rules(at, check) : copies(at, check);
    }

    private static To toOne(Optional<String> stage) {
        return stage.isPresent()
                ? new To.Stages(List.of(stage.get()))
                : new To.Rules(List.of(new To.Rule(Optional.empty(), Optional.empty())));
    }

    private static @Nullable To copies(Cursor at, Check check) {
        return Types.read(Types.list(Types.stage()), at, check)
                .map(To.Stages::new)
                .orElse(null);
    }

    private static @Nullable To rules(Cursor at, Check check) {
        List<To.Rule> rules = new ArrayList<>();
        for (int i = 0; i < at.json().size(); i++) {
            Cursor place = at.child(i);
            if (i > 0 && !at.json().get(i - 1).has(Language.RULE_WHEN.name())) {
                check.warn(
                        place,
                        "This rule is never reached: the one before it has no \"when\", so it always holds.",
                        "Add a \"when\" to that one, or move it to the end.");
            }
            Optional<Settings> rule = Types.read(Language.rule(), place, check);
            rule.filter(settings -> settings.has(Language.RULE_TO))
                    .map(ToType::rule)
                    .ifPresent(rules::add);
        }
        return rules.size() == at.json().size() ? new To.Rules(List.copyOf(rules)) : null;
    }

    private static To.Rule rule(Settings settings) {
        return new To.Rule(settings.find(Language.RULE_WHEN), settings.get(Language.RULE_TO));
    }

    @Override
    public boolean accepts(JsonNode value) {
        return value.isTextual() || value.isArray();
    }
}
