package io.millrace.expr;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.POJONode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.List;
import net.thisptr.jackson.jq.Expression;
import net.thisptr.jackson.jq.Function;
import net.thisptr.jackson.jq.PathOutput;
import net.thisptr.jackson.jq.Scope;
import net.thisptr.jackson.jq.Versions;
import net.thisptr.jackson.jq.exception.JsonQueryException;
import net.thisptr.jackson.jq.internal.JsonQueryFunction;
import net.thisptr.jackson.jq.internal.tree.fieldaccess.IdentifierFieldAccess;
import net.thisptr.jackson.jq.path.Path;
import org.jspecify.annotations.Nullable;

/** Expressions that stand in for jackson-jq's where those differ from jq 1.7, lose digits, or look names up at run time. */
final class Filters {
    private Filters() {}

    record Constant(JsonNode value) implements Expression {
        @Override
        public void apply(Scope scope, JsonNode in, @Nullable Path path, PathOutput output, boolean requirePath)
                throws JsonQueryException {
            output.emit(value, null);
        }
    }

    record Pipe(Expression left, Expression right) implements Expression {
        @Override
        public void apply(Scope scope, JsonNode in, @Nullable Path path, PathOutput output, boolean requirePath)
                throws JsonQueryException {
            left.apply(scope, in, path, (value, at) -> right.apply(scope, value, at, output, requirePath), requirePath);
        }
    }

    /** {@code .name}. */
    static final class Field implements Expression {
        private final Expression target;
        private final String name;
        private final Expression withPath;

        Field(Expression target, String name) {
            this.target = target;
            this.name = name;
            this.withPath = new IdentifierFieldAccess(target, name, false);
        }

        @Override
        public void apply(Scope scope, JsonNode in, @Nullable Path path, PathOutput output, boolean requirePath)
                throws JsonQueryException {
            if (requirePath || path != null) {
                withPath.apply(scope, in, path, output, requirePath);
            } else {
                target.apply(scope, in, null, (value, at) -> output.emit(of(value, name), null), false);
            }
        }

        static JsonNode of(JsonNode value, String name) throws JsonQueryException {
            if (value.isObject()) {
                JsonNode field = value.get(name);
                return field == null ? NullNode.getInstance() : field;
            }
            if (value.isNull()) {
                return value;
            }
            throw Failing.error("Cannot index " + Json.type(value) + " with \"" + name + "\"");
        }
    }

    /** A variable of the flow, as {@code $params}. */
    record Global(String name) implements Expression {
        @Override
        public void apply(Scope scope, JsonNode in, @Nullable Path path, PathOutput output, boolean requirePath)
                throws JsonQueryException {
            output.emit(Evaluation.current().variable(name), null);
        }
    }

    /** {@code $env.NAME} where an unset name is an error. */
    record Environment(Expression key) implements Expression {
        @Override
        public void apply(Scope scope, JsonNode in, @Nullable Path path, PathOutput output, boolean requirePath)
                throws JsonQueryException {
            key.apply(scope, in, null, (name, at) -> output.emit(lookUp(name), null), false);
        }

        static JsonNode lookUp(JsonNode name) throws JsonQueryException {
            JsonNode value = Field.of(Evaluation.current().variable("env"), Json.text(name));
            if (value.isNull()) {
                throw Failing.error(unset(Json.text(name)));
            }
            return value;
        }

        static String unset(String name) {
            return "environment variable " + name + " is not set. Set it, or write `$env." + name + " // \"default\"`";
        }
    }

    /** A call whose function is known since the text was compiled. */
    record Call(Function function, List<Expression> args) implements Expression {
        @Override
        public void apply(Scope scope, JsonNode in, @Nullable Path path, PathOutput output, boolean requirePath)
                throws JsonQueryException {
            function.apply(scope, args, in, path, output, Versions.JQ_1_7);
        }
    }

    /** {@code def name(params): body; rest}. */
    record Define(String name, List<String> params, Expression body, Expression rest) implements Expression {
        @Override
        public void apply(Scope scope, JsonNode in, @Nullable Path path, PathOutput output, boolean requirePath)
                throws JsonQueryException {
            Scope inside = Scope.newChildScope(scope);
            inside.addFunction(name, params.size(), new JsonQueryFunction(name, params, body, inside));
            rest.apply(inside, in, path, output, requirePath);
        }
    }

    /** Catches what the body raises, and nothing that is raised by those who take its outputs. */
    record Try(Expression body, @Nullable Expression handler) implements Expression {
        @Override
        public void apply(Scope scope, JsonNode in, @Nullable Path path, PathOutput output, boolean requirePath)
                throws JsonQueryException {
            Guard guard = new Guard(output);
            try {
                body.apply(scope, in, path, guard, requirePath);
            } catch (Failing.Leave leave) {
                throw leave;
            } catch (JsonQueryException e) {
                if (guard.passing == e) {
                    throw e;
                }
                if (handler != null) {
                    handler.apply(scope, e.getMessageAsJsonNode(), null, output, requirePath);
                }
            }
        }
    }

    /** {@code a // b}: the outputs of a that are neither false nor null, its errors aside; b when there are none. */
    record Alternative(Expression left, Expression right) implements Expression {
        @Override
        public void apply(Scope scope, JsonNode in, @Nullable Path path, PathOutput output, boolean requirePath)
                throws JsonQueryException {
            Guard guard = new Guard(output);
            boolean[] found = new boolean[1];
            try {
                left.apply(
                        scope,
                        in,
                        path,
                        (value, at) -> {
                            if (Json.isTrue(value)) {
                                found[0] = true;
                                guard.emit(value, at);
                            }
                        },
                        requirePath);
            } catch (Failing.Leave leave) {
                throw leave;
            } catch (JsonQueryException e) {
                if (guard.passing == e) {
                    throw e;
                }
            }
            if (!found[0]) {
                right.apply(scope, in, path, output, requirePath);
            }
        }
    }

    /** Remembers the exception that came from downstream. */
    private static final class Guard implements PathOutput {
        private final PathOutput output;
        private @Nullable JsonQueryException passing;

        Guard(PathOutput output) {
            this.output = output;
        }

        @Override
        public void emit(JsonNode value, @Nullable Path path) throws JsonQueryException {
            try {
                output.emit(value, path);
            } catch (JsonQueryException e) {
                passing = e;
                throw e;
            }
        }
    }

    /**
     * {@code label $name | body}. The mark that {@code break} throws is made anew each time the label is entered and kept in the scope, so
     * that a label nested in itself, through a function, takes no mark but its own.
     */
    record Label(String key, Expression body) implements Expression {
        @Override
        public void apply(Scope scope, JsonNode in, @Nullable Path path, PathOutput output, boolean requirePath)
                throws JsonQueryException {
            JsonNode mark = new POJONode(this);
            Scope inside = Scope.newChildScope(scope);
            inside.setValue(key, mark);
            try {
                body.apply(inside, in, path, output, requirePath);
            } catch (Failing.Leave leave) {
                if (!leave.leaves(mark)) {
                    throw leave;
                }
            }
        }
    }

    record Break(String key) implements Expression {
        @Override
        public void apply(Scope scope, JsonNode in, @Nullable Path path, PathOutput output, boolean requirePath)
                throws JsonQueryException {
            throw new Failing.Leave(scope.getValue(key));
        }
    }

    /** An operator on values: the right side is the outer loop, as in jq. */
    record Binary(Operators.Operator operator, Expression left, Expression right) implements Expression {
        @Override
        public void apply(Scope scope, JsonNode in, @Nullable Path path, PathOutput output, boolean requirePath)
                throws JsonQueryException {
            right.apply(
                    scope,
                    in,
                    null,
                    (r, rp) -> left.apply(scope, in, null, (l, lp) -> output.emit(operator.apply(l, r), null), false),
                    false);
        }
    }

    /** A string with interpolations; the last one is the outer loop, as in jq. */
    record Text(List<Object> parts, @Nullable Expression format) implements Expression {
        @Override
        public void apply(Scope scope, JsonNode in, @Nullable Path path, PathOutput output, boolean requirePath)
                throws JsonQueryException {
            build(scope, in, parts.size() - 1, "", output);
        }

        private void build(Scope scope, JsonNode in, int i, String tail, PathOutput output) throws JsonQueryException {
            if (i < 0) {
                output.emit(TextNode.valueOf(tail), null);
            } else if (parts.get(i) instanceof Expression part) {
                Expression shown = format == null ? part : new Pipe(part, format);
                shown.apply(
                        scope,
                        in,
                        null,
                        (value, at) -> build(scope, in, i - 1, Json.text(value) + tail, output),
                        false);
            } else {
                build(scope, in, i - 1, parts.get(i) + tail, output);
            }
        }
    }
}
