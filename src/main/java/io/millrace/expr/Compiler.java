package io.millrace.expr;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import io.millrace.spi.Variables;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import net.thisptr.jackson.jq.Expression;
import net.thisptr.jackson.jq.Function;
import net.thisptr.jackson.jq.Versions;
import net.thisptr.jackson.jq.internal.misc.Pair;
import net.thisptr.jackson.jq.internal.tree.ArrayConstruction;
import net.thisptr.jackson.jq.internal.tree.AssignPipeComponent;
import net.thisptr.jackson.jq.internal.tree.Conditional;
import net.thisptr.jackson.jq.internal.tree.ForeachExpression;
import net.thisptr.jackson.jq.internal.tree.FunctionCall;
import net.thisptr.jackson.jq.internal.tree.IdentifierKeyFieldConstruction;
import net.thisptr.jackson.jq.internal.tree.JsonQueryKeyFieldConstruction;
import net.thisptr.jackson.jq.internal.tree.NegativeExpression;
import net.thisptr.jackson.jq.internal.tree.ObjectConstruction;
import net.thisptr.jackson.jq.internal.tree.PipedQuery;
import net.thisptr.jackson.jq.internal.tree.ReduceExpression;
import net.thisptr.jackson.jq.internal.tree.ThisObject;
import net.thisptr.jackson.jq.internal.tree.TransformPipeComponent;
import net.thisptr.jackson.jq.internal.tree.Tuple;
import net.thisptr.jackson.jq.internal.tree.VariableAccess;
import net.thisptr.jackson.jq.internal.tree.binaryop.BinaryOperatorExpression.Operator;
import net.thisptr.jackson.jq.internal.tree.fieldaccess.BracketExtractFieldAccess;
import net.thisptr.jackson.jq.internal.tree.fieldaccess.BracketFieldAccess;
import org.jspecify.annotations.Nullable;

/** Resolves every name of a syntax tree and lowers it onto expressions that can be evaluated. Used once. */
final class Compiler {
    private static final Set<String> GLOBALS;
    private static final Set<String> ARITHMETIC = Set.of("==", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/", "%");

    static {
        Set<String> globals = new TreeSet<>(Variables.STATIC);
        globals.addAll(Variables.PER_ITEM);
        GLOBALS = globals;
    }

    private final Library library;
    private final Patterns patterns = new Patterns(this);
    private final Set<String> variables = new LinkedHashSet<>();
    private boolean loops;
    private boolean changing;
    /** Above zero inside {@code try} and left of {@code //}: there an unset {@code $env.NAME} is null. */
    private int forgiving;

    Compiler(Library library) {
        this.library = library;
    }

    /** The flow's variables that were read. */
    Set<String> variables() {
        return variables;
    }

    /** Whether evaluation needs its context: variables or a count of steps. */
    boolean needsContext() {
        return loops || !variables.isEmpty();
    }

    /** Whether it calls what gives another value each time, as {@code uuid} does. */
    boolean changing() {
        return changing;
    }

    Expression compile(Ast ast, Names names) throws SyntaxError {
        if (ast instanceof Ast.Identity) {
            return new ThisObject();
        } else if (ast instanceof Ast.Literal literal) {
            return new Filters.Constant(literal.value());
        } else if (ast instanceof Ast.Index index) {
            return index(index, names);
        } else if (ast instanceof Ast.Pipe pipe) {
            return pipe(pipe, names);
        } else if (ast instanceof Ast.Variable variable) {
            return variable(variable, names);
        } else if (ast instanceof Ast.Call call) {
            return call(call, names);
        } else if (ast instanceof Ast.Binary binary) {
            return binary(binary, names);
        } else if (ast instanceof Ast.Text text) {
            return text(text, names);
        } else if (ast instanceof Ast.ObjectOf object) {
            return object(object, names);
        } else if (ast instanceof Ast.ArrayOf array) {
            return array.body() == null ? new ArrayConstruction() : new ArrayConstruction(compile(array.body(), names));
        }
        return structure(ast, names);
    }

    private Expression structure(Ast ast, Names names) throws SyntaxError {
        if (ast instanceof Ast.Comma comma) {
            return new Tuple(List.of(compile(comma.left(), names), compile(comma.right(), names)));
        } else if (ast instanceof Ast.Iterate iterate) {
            return new BracketExtractFieldAccess(compile(iterate.target(), names), false);
        } else if (ast instanceof Ast.Slice slice) {
            return new BracketFieldAccess(
                    compile(slice.target(), names), optional(slice.from(), names), optional(slice.to(), names), false);
        } else if (ast instanceof Ast.RecurseAll all) {
            return call(new Ast.Call(all.at(), "recurse", List.of()), Names.NONE);
        } else if (ast instanceof Ast.Format format) {
            return format(format.at(), format.name());
        } else if (ast instanceof Ast.Negate negate) {
            return new NegativeExpression(compile(negate.operand(), names));
        } else if (ast instanceof Ast.If condition) {
            return conditional(condition, names);
        } else if (ast instanceof Ast.Try attempt) {
            return new Filters.Try(forgiving(attempt.body(), names), nullable(attempt.handler(), names));
        }
        return binding(ast, names);
    }

    private Expression binding(Ast ast, Names names) throws SyntaxError {
        if (ast instanceof Ast.Bind bind) {
            return bind(bind, names);
        } else if (ast instanceof Ast.Reduce reduce) {
            Names inside = Patterns.bound(reduce.pattern(), names);
            return new ReduceExpression(
                    patterns.matcher(reduce.pattern(), names),
                    compile(reduce.init(), names),
                    compile(reduce.update(), inside),
                    compile(reduce.source(), names));
        } else if (ast instanceof Ast.Foreach foreach) {
            Names inside = Patterns.bound(foreach.pattern(), names);
            return new ForeachExpression(
                    patterns.matcher(foreach.pattern(), names),
                    compile(foreach.init(), names),
                    compile(foreach.update(), inside),
                    nullable(foreach.extract(), inside),
                    compile(foreach.source(), names));
        } else if (ast instanceof Ast.Label label) {
            String key = "label " + label.at();
            return new Filters.Label(key, compile(label.body(), names.withLabel(label.name(), key)));
        } else if (ast instanceof Ast.Break leave) {
            return new Filters.Break(label(leave, names));
        }
        return define((Ast.Def) ast, names);
    }

    private Expression optional(@Nullable Ast ast, Names names) throws SyntaxError {
        return ast == null ? new Filters.Constant(NullNode.getInstance()) : compile(ast, names);
    }

    private @Nullable Expression nullable(@Nullable Ast ast, Names names) throws SyntaxError {
        return ast == null ? null : compile(ast, names);
    }

    private Expression forgiving(Ast ast, Names names) throws SyntaxError {
        forgiving++;
        Expression expression = compile(ast, names);
        forgiving--;
        return expression;
    }

    private Expression index(Ast.Index index, Names names) throws SyntaxError {
        if (forgiving == 0 && isEnvironment(index.target(), names)) {
            variables.add("env");
            return new Filters.Environment(compile(index.key(), names));
        }
        Expression target = compile(index.target(), names);
        if (index.key() instanceof Ast.Literal key && key.value().isTextual()) {
            return new Filters.Field(target, key.value().textValue());
        }
        return new BracketFieldAccess(target, compile(index.key(), names), false);
    }

    private static boolean isEnvironment(Ast ast, Names names) {
        return ast instanceof Ast.Variable variable && variable.name().equals("env") && !names.hasVariable("env");
    }

    /** {@code $env | .NAME} is {@code $env.NAME}. */
    private Expression pipe(Ast.Pipe pipe, Names names) throws SyntaxError {
        if (isEnvironment(pipe.left(), names)) {
            Ast joined = onto(pipe.left(), pipe.right());
            if (joined != null) {
                return compile(joined, names);
            }
        }
        return new Filters.Pipe(compile(pipe.left(), names), compile(pipe.right(), names));
    }

    private static @Nullable Ast onto(Ast environment, Ast ast) {
        if (ast instanceof Ast.Index index) {
            Ast target = index.target() instanceof Ast.Identity ? environment : onto(environment, index.target());
            return target == null ? null : new Ast.Index(index.at(), target, index.key());
        } else if (ast instanceof Ast.Pipe pipe) {
            Ast left = onto(environment, pipe.left());
            return left == null ? null : new Ast.Pipe(pipe.at(), left, pipe.right());
        }
        return null;
    }

    private Expression variable(Ast.Variable variable, Names names) throws SyntaxError {
        String name = variable.name();
        if (names.hasVariable(name)) {
            return new VariableAccess(null, name);
        }
        if (!GLOBALS.contains(name)) {
            Set<String> known = new TreeSet<>(GLOBALS);
            known.addAll(names.variables());
            throw new SyntaxError(
                    variable.at(), "there is no variable `$" + name + "`", Suggestion.of("$", name, known));
        }
        variables.add(name);
        return new Filters.Global(name);
    }

    private Expression call(Ast.Call call, Names names) throws SyntaxError {
        String key = call.name() + "/" + call.args().size();
        List<Expression> args = new ArrayList<>();
        for (Ast arg : call.args()) {
            args.add(compile(arg, names));
        }
        if (names.hasFunction(key)) {
            return new FunctionCall(null, call.name(), args, Versions.JQ_1_7);
        }
        Function function = library.function(key);
        if (function == null) {
            throw library.unknown(call, names);
        }
        loops |= library.loops(key);
        changing |= library.changes(key);
        return new Filters.Call(function, List.copyOf(args));
    }

    private Expression format(int at, String name) throws SyntaxError {
        Function function = library.function("@" + name + "/0");
        if (function == null) {
            throw new SyntaxError(
                    at, "there is no format `@" + name + "`", Suggestion.of("@", name, library.formats()));
        }
        return new Filters.Call(function, List.of());
    }

    private Expression binary(Ast.Binary binary, Names names) throws SyntaxError {
        boolean alternative = binary.op().equals("//");
        Expression left = alternative ? forgiving(binary.left(), names) : compile(binary.left(), names);
        Expression right = compile(binary.right(), names);
        if (alternative) {
            return new Filters.Alternative(left, right);
        }
        if (binary.op().equals("|=")) {
            return new Filters.Call(library.require("_modify/2"), List.of(left, right));
        }
        return ARITHMETIC.contains(binary.op())
                ? new Filters.Binary(Operators.of(binary.op()), left, right)
                : Operator.fromImage(binary.op()).buildTree(left, right, Versions.JQ_1_7);
    }

    private Expression text(Ast.Text text, Names names) throws SyntaxError {
        List<Object> parts = new ArrayList<>();
        for (Ast.Part part : text.parts()) {
            parts.add(part.expression() == null ? String.valueOf(part.text()) : compile(part.expression(), names));
        }
        return new Filters.Text(List.copyOf(parts), text.format() == null ? null : format(text.at(), text.format()));
    }

    private Expression object(Ast.ObjectOf object, Names names) throws SyntaxError {
        ObjectConstruction construction = new ObjectConstruction();
        for (Ast.Entry entry : object.entries()) {
            Expression value = compile(entry.value(), names);
            JsonNode key = entry.key() instanceof Ast.Literal literal ? literal.value() : null;
            construction.add(
                    key != null && key.isTextual()
                            ? new IdentifierKeyFieldConstruction(key.textValue(), value)
                            : new JsonQueryKeyFieldConstruction(compile(entry.key(), names), value));
        }
        return construction;
    }

    private Expression conditional(Ast.If condition, Names names) throws SyntaxError {
        Expression otherwise = condition.otherwise() == null ? new ThisObject() : compile(condition.otherwise(), names);
        return new Conditional(
                List.of(Pair.of(compile(condition.condition(), names), compile(condition.then(), names))), otherwise);
    }

    private Expression bind(Ast.Bind bind, Names names) throws SyntaxError {
        return new PipedQuery(List.of(
                new AssignPipeComponent(compile(bind.source(), names), patterns.matcher(bind.pattern(), names)),
                new TransformPipeComponent(compile(bind.body(), Patterns.bound(bind.pattern(), names)))));
    }

    private static String label(Ast.Break leave, Names names) throws SyntaxError {
        String key = names.label(leave.name());
        if (key == null) {
            throw new SyntaxError(
                    leave.at(),
                    "there is no label `$" + leave.name() + "` to break to",
                    "Write `label $" + leave.name() + " | …` around it.");
        }
        return key;
    }

    private Expression define(Ast.Def def, Names names) throws SyntaxError {
        Names outside = names.withFunction(def.name() + "/" + def.params().size());
        Names inside = outside;
        for (String param : def.params()) {
            inside =
                    param.startsWith("$") ? inside.withVariable(param.substring(1)) : inside.withFunction(param + "/0");
        }
        return new Filters.Define(def.name(), def.params(), compile(def.body(), inside), compile(def.rest(), outside));
    }
}
