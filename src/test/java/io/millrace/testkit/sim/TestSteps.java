package io.millrace.testkit.sim;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.millrace.engine.item.StepCompiler;
import io.millrace.expr.JqExpressions;
import io.millrace.flow.Modifiers;
import io.millrace.flow.Modifiers.As;
import io.millrace.flow.OnError;
import io.millrace.flow.Retry;
import io.millrace.flow.StepDef;
import io.millrace.flow.Steps;
import io.millrace.spi.Assembly;
import io.millrace.spi.Block;
import io.millrace.spi.Cursor;
import io.millrace.spi.Dynamic;
import io.millrace.spi.Expressions;
import io.millrace.spi.Field;
import io.millrace.spi.Jq;
import io.millrace.spi.Settings;
import io.millrace.spi.Spec;
import io.millrace.spi.Step;
import io.millrace.spi.StepType;
import io.millrace.spi.Types;
import io.millrace.spi.Variables;
import io.millrace.testkit.TestCheck;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Steps of a flow made of lambdas, with modifiers, to be compiled as the engine compiles those of a file. */
public final class TestSteps {
    private static final JqExpressions JQ = new JqExpressions();

    private static final Field<Block> STEPS = Field.of("do", Types.steps(Block.Filter.AS_AROUND), "The steps within.");

    private final Spec spec;
    private final Function<Assembly, Step> build;
    private Optional<String> name = Optional.empty();
    private Optional<As> as = Optional.empty();
    private Optional<Jq> when = Optional.empty();
    private Optional<Steps> ensure = Optional.empty();
    private Optional<OnError> onError = Optional.empty();
    private Optional<Retry> retry = Optional.empty();
    private Optional<Dynamic<Duration>> timeout = Optional.empty();
    private Optional<String> blocking = Optional.empty();

    private TestSteps(String name, Spec.Result result, Function<Assembly, Step> build) {
        Spec.Builder declared = Spec.step(name, "Is tested.").result(result);
        this.spec = (result == Spec.Result.BLOCK ? declared.whole(STEPS) : declared).done();
        this.build = build;
    }

    /** A step whose value is stored under its name. */
    public static TestSteps value(String name, Step step) {
        return new TestSteps(name, Spec.Result.VALUE, assembly -> step);
    }

    /** A step that acts on the document. */
    public static TestSteps action(String name, Step step) {
        return new TestSteps(name, Spec.Result.NOTHING, assembly -> step);
    }

    /** {@code do}. */
    public static TestSteps block(TestSteps... steps) {
        return new TestSteps("do", Spec.Result.BLOCK, assembly -> assembly.compile(list(steps)));
    }

    /** Modifiers of a stage as a whole. */
    public static TestSteps whole() {
        return action("whole", frame -> {
            throw new AssertionError("only its modifiers count");
        });
    }

    public static Steps list(TestSteps... steps) {
        return new Steps(Arrays.stream(steps).map(TestSteps::def).toList());
    }

    public static Jq jq(String text) {
        try {
            return JQ.jq(text);
        } catch (Expressions.BadExpression wrong) {
            throw new AssertionError(wrong);
        }
    }

    /** A compiler of such steps. */
    public static StepCompiler compiler(String stage) {
        return new StepCompiler(stage, TestSteps::assembly);
    }

    private static Assembly assembly(StepCompiler compiler) {
        return (Assembly) Proxy.newProxyInstance(
                TestSteps.class.getClassLoader(), new Class<?>[] {Assembly.class}, (proxy, method, args) -> {
                    if (method.getName().equals("compile")) {
                        return compiler.compile((Steps) (Block) args[0]);
                    }
                    throw new UnsupportedOperationException(method.getName());
                });
    }

    public TestSteps named(String label) {
        name = Optional.of(label);
        return this;
    }

    /** {@code "."} for the document, null for nowhere. */
    public TestSteps as(@Nullable String target) {
        as = Optional.of(
                target == null ? new As.Nowhere() : target.equals(".") ? new As.Document() : new As.FieldNamed(target));
        return this;
    }

    public TestSteps when(String condition) {
        when = Optional.of(jq(condition));
        return this;
    }

    public TestSteps ensure(TestSteps... steps) {
        ensure = Optional.of(list(steps));
        return this;
    }

    public TestSteps onError(OnError decision) {
        onError = Optional.of(decision);
        return this;
    }

    /** Catch steps. */
    public TestSteps onError(TestSteps... steps) {
        return onError(new OnError.Catch(list(steps)));
    }

    public TestSteps retry(Retry policy) {
        retry = Optional.of(policy);
        return this;
    }

    public TestSteps retry(int attempts, Duration backoff) {
        return retry(new Retry(attempts, backoff, Duration.ofSeconds(30), List.of(), Optional.empty()));
    }

    public TestSteps timeout(Duration limit) {
        Cursor text = new Cursor(TextNode.valueOf(limit.toMillis() + "ms"), "");
        TestCheck check = new TestCheck(JQ, Variables.NONE);
        timeout = Optional.of(
                Objects.requireNonNull(Types.dynamic(Types.duration()).read(text, check)));
        return this;
    }

    public TestSteps blocking(String pool) {
        blocking = Optional.of(pool);
        return this;
    }

    public Modifiers modifiers() {
        return new Modifiers(name, as, when, ensure, onError, retry, timeout, blocking);
    }

    public StepDef def() {
        StepType type = new StepType() {
            @Override
            public Spec spec() {
                return spec;
            }

            @Override
            public Step build(Settings settings, Assembly assembly) {
                return build.apply(assembly);
            }
        };
        JsonNode none = NullNode.getInstance();
        return new StepDef(type, new Settings(spec, new Cursor(none, ""), Map.of()), modifiers(), "");
    }
}
