package io.millrace.expr;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import net.thisptr.jackson.jq.BuiltinFunctionLoader;
import net.thisptr.jackson.jq.Expression;
import net.thisptr.jackson.jq.Function;
import net.thisptr.jackson.jq.Scope;
import net.thisptr.jackson.jq.Versions;
import net.thisptr.jackson.jq.internal.JsonQueryFunction;
import org.jspecify.annotations.Nullable;

/** Every function that an expression can call, by {@code name/arity}: jackson-jq's, then ours in their place. Read only once built. */
final class Library {
    /** Functions of jq that have no meaning in a flow, and what to do instead. */
    static final Map<String, String> UNAVAILABLE = Map.ofEntries(
            Map.entry("input", "An expression sees one document: use a source, `each` or `split`."),
            Map.entry("inputs", "An expression sees one document: use a source, `each` or `split`."),
            Map.entry("debug", "Use a `log` step."),
            Map.entry("stderr", "Use a `log` step."),
            Map.entry("input_line_number", "The position is in `$meta`."),
            Map.entry("input_filename", "The source is in `$meta`."),
            Map.entry("halt", "To end an item use `filter`; to fail it use `error(\"message\")`."),
            Map.entry("get_search_list", "Modules are not supported."),
            Map.entry("modulemeta", "Modules are not supported."));

    /** Functions that give another value each time. */
    private static final Set<String> CHANGING =
            Set.of("now/0", "now_iso/0", "uuid/0", "localtime/0", "strflocaltime/1");

    private final Scope root = Scope.newEmptyScope();
    private final Map<String, Function> functions = new HashMap<>();
    private final Set<String> loops = new HashSet<>(Set.of(
            "range/1",
            "range/2",
            "range/3",
            "repeat/1",
            "while/2",
            "until/2",
            "recurse/0",
            "recurse/1",
            "recurse/2",
            "paths/0",
            "combinations/0",
            "combinations/1"));

    Library(List<Extra> extras) {
        BuiltinFunctionLoader.getInstance().loadFunctions(Versions.JQ_1_7, root);
        functions.putAll(root.getLocalFunctions());
        functions.remove("debug_scope/0");
        functions.remove("env/0");
        CoreFunctions.addTo(this);
        LoopFunctions.addTo(this);
        MathFunctions.addTo(this);
        DateFunctions.addTo(this);
        WebFunctions.addTo(this);
        extras.forEach(this::add);
        define(Prelude.TEXT);
        Set<String> names = Set.copyOf(functions.keySet());
        add("builtins", 0, new ValueFunction((in, args) -> CoreFunctions.texts(new TreeSet<>(names))));
    }

    /** The scope that evaluation starts in; it is never written to. */
    Scope root() {
        return root;
    }

    void add(String name, int arity, Function function) {
        functions.put(name + "/" + arity, function);
        root.addFunction(name, arity, function);
    }

    void add(String name, int arity, ValueFunction.Body body) {
        add(name, arity, new ValueFunction(body));
    }

    private void add(Extra extra) {
        loops.add(extra.name() + "/" + extra.arity());
        add(
                extra.name(),
                extra.arity(),
                new ValueFunction((in, args) ->
                        extra.body().apply(in, args, Evaluation.current().variables())));
    }

    private void define(String text) {
        try {
            Ast ast = Parser.parse(text);
            while (ast instanceof Ast.Def def) {
                define(def);
                ast = def.rest();
            }
        } catch (SyntaxError e) {
            throw new IllegalStateException(e.in(text).what(), e);
        }
    }

    private void define(Ast.Def def) throws SyntaxError {
        Names names = Names.NONE.withFunction(def.name() + "/" + def.params().size());
        for (String param : def.params()) {
            names = param.startsWith("$") ? names.withVariable(param.substring(1)) : names.withFunction(param + "/0");
        }
        Compiler compiler = new Compiler(this);
        Expression body = compiler.compile(def.body(), names);
        if (compiler.needsContext()) {
            loops.add(def.name() + "/" + def.params().size());
        }
        add(def.name(), def.params().size(), new JsonQueryFunction(def.name(), def.params(), body, root));
    }

    @Nullable
    Function function(String key) {
        return functions.get(key);
    }

    Function require(String key) {
        return Objects.requireNonNull(functions.get(key), key);
    }

    /** Whether it counts its steps, or reads variables. */
    boolean loops(String key) {
        return loops.contains(key);
    }

    boolean changes(String key) {
        return CHANGING.contains(key);
    }

    Set<String> formats() {
        Set<String> formats = new TreeSet<>();
        functions.keySet().stream()
                .filter(key -> key.startsWith("@"))
                .forEach(key -> formats.add(key.substring(1, key.indexOf('/'))));
        return formats;
    }

    /** Why there is no such function: unavailable, another number of arguments, or an unknown name. */
    SyntaxError unknown(Ast.Call call, Names names) {
        String reason = UNAVAILABLE.get(call.name());
        if (reason != null) {
            return new SyntaxError(call.at(), "`" + call.name() + "` is not available in a flow; found", reason);
        }
        Set<String> known = known(names);
        int given = call.args().size();
        List<Integer> arities = known.stream()
                .filter(key -> key.startsWith(call.name() + "/"))
                .map(key -> Integer.valueOf(key.substring(key.indexOf('/') + 1)))
                .sorted()
                .toList();
        if (!arities.isEmpty()) {
            String takes =
                    String.join(" or ", arities.stream().map(String::valueOf).toList());
            return new SyntaxError(
                    call.at(),
                    "`" + call.name() + "` takes " + takes
                            + (takes.equals("1") ? " argument, not " : " arguments, not ") + given + "; found",
                    "Arguments are separated by `;`.");
        }
        Set<String> candidates = new TreeSet<>();
        known.forEach(key -> candidates.add(key.substring(0, key.indexOf('/'))));
        String what = "there is no function `" + call.name() + "`"
                + (given == 0 ? "" : " with " + given + (given == 1 ? " argument" : " arguments"));
        String field = given == 0
                ? " For the field write `." + call.name() + "`; for a text write `'" + call.name() + "'`."
                : "";
        return new SyntaxError(call.at(), what, Suggestion.of("", call.name(), candidates) + field);
    }

    private Set<String> known(Names names) {
        Set<String> known = new TreeSet<>(names.functions());
        functions.keySet().stream()
                .filter(key -> !key.startsWith("@") && !key.startsWith("_"))
                .forEach(known::add);
        return known;
    }
}
