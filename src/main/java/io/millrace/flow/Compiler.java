package io.millrace.flow;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.expr.JqExpressions;
import io.millrace.spi.Cursor;
import io.millrace.spi.Expressions;
import io.millrace.spi.Expressions.BadExpression;
import io.millrace.spi.Jq;
import io.millrace.spi.Template;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Compiles the expressions of a flow, and reports what is wrong with each where it stands. */
final class Compiler {
    private final FlowCheck check;
    private final Expressions expressions;

    Compiler(FlowCheck check, Expressions expressions) {
        this.check = check;
        this.expressions = expressions;
    }

    @Nullable
    Jq jq(Cursor at, String text) {
        int before = check.errors();
        try {
            Jq jq = expressions.jq(text);
            mentioned(at, name -> Mentions.in(jq, name));
            Mentions.neededEnvironment(text).forEach(name -> environment(at, name));
            return check.errors() == before ? jq : null;
        } catch (BadExpression bad) {
            report(at, bad);
            return null;
        }
    }

    @Nullable
    Template template(Cursor at) {
        int before = check.errors();
        try {
            Template template = expressions.template(at.json());
            if (!template.variables().isEmpty()) {
                eachString(at, this::mentionedIn);
            }
            return check.errors() == before ? template : null;
        } catch (BadExpression bad) {
            if (at.json().isContainerNode()) {
                eachString(at, this::template);
            } else {
                report(at, bad);
            }
            return null;
        }
    }

    private void mentionedIn(Cursor string) {
        mentioned(string, name -> Mentions.inText(string.json(), name));
        Mentions.expressions(string.json().textValue()).stream()
                .flatMap(jq -> Mentions.neededEnvironment(jq).stream())
                .forEach(name -> environment(string, name));
    }

    private void report(Cursor at, BadExpression bad) {
        String what = bad.what();
        String sentence = what.substring(0, 1).toUpperCase(Locale.ROOT) + what.substring(1);
        check.error(at, sentence.endsWith(".") ? sentence : sentence + ".", bad.mend());
    }

    /** Warns of a value that looks like an expression which somebody forgot to wrap. */
    void warnOfJq(Cursor at) {
        eachString(at, string -> {
            String text = string.json().textValue();
            if (JqExpressions.looksLikeJq(text)) {
                check.warn(
                        string,
                        Words.shown(string.json()) + " looks like jq, but stands here as text.",
                        "Write \"${" + text + "}\" if its value is meant.");
            }
        });
    }

    private static void eachString(Cursor at, Consumer<Cursor> visit) {
        JsonNode json = at.json();
        if (json.isTextual()) {
            visit.accept(at);
        } else if (json.isObject()) {
            List<String> names = new ArrayList<>();
            json.fieldNames().forEachRemaining(names::add);
            names.forEach(name -> eachString(at.child(name), visit));
        } else {
            for (int i = 0; i < json.size(); i++) {
                eachString(at.child(i), visit);
            }
        }
    }

    private void mentioned(Cursor at, Function<String, Set<String>> named) {
        Declared declared = check.declared();
        for (String name : named.apply("params")) {
            if (!name.equals(Mentions.ANY) && !declared.params().contains(name)) {
                check.error(
                        at,
                        "$params." + name + " is not a parameter of this flow.",
                        check.suggestion(name, declared.params()));
            }
        }
        named.apply("resources").forEach(name -> resource(at, name, declared));
    }

    private void environment(Cursor at, String name) {
        if (!check.hasEnvironment(name)) {
            check.error(
                    at,
                    "The environment variable " + name + " is not set.",
                    "Set it, or write $env." + name + " // 'default'.");
        }
    }

    private void resource(Cursor at, String name, Declared declared) {
        if (name.equals(Mentions.ANY)) {
            check.uses().everyResource();
        } else if (!declared.resources().containsKey(name)) {
            check.error(
                    at,
                    "$resources." + name + " is not a resource of this flow.",
                    check.suggestion(name, declared.resources().keySet()));
        } else if (declared.opensTooLate(name, at.pointer())) {
            check.error(
                    at,
                    "$resources." + name + " is not open yet when this is read.",
                    "Declare " + Words.quoted(name) + " before it: resources open in the order of the file.");
        } else {
            check.uses().resource(name);
        }
    }
}
