package io.millrace.expr;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.spi.Expressions;
import io.millrace.spi.Jq;
import io.millrace.spi.Template;
import io.millrace.spi.Variables;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * jq 1.7 and templates, by jackson-jq. Compiled filters are kept by their text, so the same text is compiled once. Safe for use by
 * several threads.
 */
public final class JqExpressions implements Expressions {
    /** Outputs of one evaluation; more are a LIMIT failure. */
    public static final int MAX_OUTPUTS = 1_000_000;

    private static final int MAX_CACHED = 10_000;
    private static final Pattern LIKE_JQ = Pattern.compile(
            "\\s*(\\.[A-Za-z_][A-Za-z0-9_]*(\\.[A-Za-z_]|\\[|\\s*\\||\\s*//|\\s*$)|\\.\\[|\\$[A-Za-z_][A-Za-z0-9_]*(\\.|\\[|\\s*\\||\\s*//|\\s*$)).*",
            Pattern.DOTALL);

    private static final Set<String> KNOWN = known();

    private final List<Extra> extras;
    private @Nullable Library library;
    private final Map<String, Jq> compiled = new ConcurrentHashMap<>();

    public JqExpressions() {
        this(List.of());
    }

    /** @param extras functions besides those of jq; one of the same name and arity takes the place of jq's */
    public JqExpressions(List<Extra> extras) {
        this.extras = List.copyOf(extras);
    }

    private static Set<String> known() {
        Set<String> names = new HashSet<>(Variables.STATIC);
        names.addAll(Variables.PER_ITEM);
        return names;
    }

    /** Made when the first filter needs it: reading all of jq takes a noticeable part of a short run. */
    private synchronized Library library() {
        if (library == null) {
            library = new Library(extras);
        }
        return library;
    }

    @Override
    public Jq jq(String text) throws BadExpression {
        Jq known = compiled.get(text);
        if (known != null) {
            return known;
        }
        Jq jq = compile(text, unwrapped(text));
        if (compiled.size() < MAX_CACHED) {
            compiled.put(text, jq);
        }
        return jq;
    }

    @Override
    public Template template(JsonNode value) throws BadExpression {
        return new TemplateReader(this).read(value);
    }

    /** A text wrapped in one <code>${ }</code> means the same as bare. */
    private static String unwrapped(String text) {
        String bare = text.strip();
        boolean wrapped = bare.startsWith("${") && Scanner.closing(bare, 1, bare.length()) == bare.length() - 1;
        return wrapped ? bare.substring(2, bare.length() - 1) : text;
    }

    private Jq compile(String source, String text) throws BadExpression {
        try {
            Ast ast = Parser.parse(text);
            Jq quick = quick(ast, source, text);
            if (quick != null) {
                return quick;
            }
            Library all = library();
            Compiler compiler = new Compiler(all);
            var expression = compiler.compile(ast, Names.NONE);
            boolean reads = compiler.changing() || Reads.input(ast);
            Shape shape = new Shape(source, text, compiler.variables(), reads);
            return new FilterJq(shape, expression, all.root(), compiler.needsContext());
        } catch (SyntaxError e) {
            throw e.in(text);
        } catch (StackOverflowError e) {
            throw new BadExpression("the expression is nested too deeply", "Cut it into several steps.");
        }
    }

    private static @Nullable Jq quick(Ast ast, String source, String text) {
        Optional<Set<String>> variables = QuickJq.variables(ast);
        return variables.isEmpty() || !KNOWN.containsAll(variables.get())
                ? null
                : QuickJq.of(ast, new Shape(source, text, variables.get(), Reads.input(ast)));
    }

    /**
     * Whether a value that should be a template was probably meant as jq: it starts like {@code .name} or {@code $var} and holds no
     * <code>${</code>. File names such as {@code .env} look like it too: a hint, no proof.
     */
    public static boolean looksLikeJq(String text) {
        return !text.contains("${") && LIKE_JQ.matcher(text).matches();
    }
}
