package io.millrace.expr;

import java.util.ArrayList;
import java.util.List;
import net.thisptr.jackson.jq.Expression;
import net.thisptr.jackson.jq.internal.tree.literal.StringLiteral;
import net.thisptr.jackson.jq.internal.tree.matcher.PatternMatcher;
import net.thisptr.jackson.jq.internal.tree.matcher.matchers.ArrayMatcher;
import net.thisptr.jackson.jq.internal.tree.matcher.matchers.ObjectMatcher;
import net.thisptr.jackson.jq.internal.tree.matcher.matchers.ValueMatcher;

/** Lowers what {@code as} binds, and tells the names that it binds. */
final class Patterns {
    private final Compiler compiler;

    Patterns(Compiler compiler) {
        this.compiler = compiler;
    }

    PatternMatcher matcher(Ast.Pattern pattern, Names names) throws SyntaxError {
        if (pattern instanceof Ast.Pattern.Name name) {
            return new ValueMatcher(name.name());
        } else if (pattern instanceof Ast.Pattern.Items items) {
            List<PatternMatcher> matchers = new ArrayList<>();
            for (Ast.Pattern item : items.items()) {
                matchers.add(matcher(item, names));
            }
            return new ArrayMatcher(matchers);
        }
        List<ObjectMatcher.FieldMatcher> fields = new ArrayList<>();
        for (Ast.FieldPattern field : ((Ast.Pattern.Fields) pattern).fields()) {
            PatternMatcher inner = field.pattern() == null ? null : matcher(field.pattern(), names);
            fields.add(new ObjectMatcher.FieldMatcher(field.name() != null, key(field, names), inner));
        }
        return new ObjectMatcher(fields);
    }

    /** jackson-jq wants its own literal for {@code {$name}}. */
    private Expression key(Ast.FieldPattern field, Names names) throws SyntaxError {
        return field.name() == null ? compiler.compile(field.key(), names) : new StringLiteral(field.name());
    }

    static Names bound(Ast.Pattern pattern, Names names) {
        if (pattern instanceof Ast.Pattern.Name name) {
            return names.withVariable(name.name());
        }
        Names result = names;
        if (pattern instanceof Ast.Pattern.Items items) {
            for (Ast.Pattern item : items.items()) {
                result = bound(item, result);
            }
        } else {
            for (Ast.FieldPattern field : ((Ast.Pattern.Fields) pattern).fields()) {
                result = field.name() == null ? result : result.withVariable(field.name());
                result = field.pattern() == null ? result : bound(field.pattern(), result);
            }
        }
        return result;
    }
}
