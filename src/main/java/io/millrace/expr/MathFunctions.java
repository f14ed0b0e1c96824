package io.millrace.expr;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import net.thisptr.jackson.jq.exception.JsonQueryException;

/** The arithmetic that jq has and jackson-jq lacks, and rounding that keeps the digits of whole numbers. */
final class MathFunctions {
    private MathFunctions() {}

    static void addTo(Library library) {
        library.add("abs", 0, (in, args) -> abs(in));
        rounding(library, "floor", RoundingMode.FLOOR);
        rounding(library, "ceil", RoundingMode.CEILING);
        rounding(library, "round", RoundingMode.HALF_UP);
        rounding(library, "trunc", RoundingMode.DOWN);
        rounding(library, "rint", RoundingMode.HALF_EVEN);
        rounding(library, "nearbyint", RoundingMode.HALF_EVEN);
        unary(library, "fabs", Math::abs);
        unary(library, "acosh", x -> Math.log(x + Math.sqrt(x * x - 1)));
        unary(library, "asinh", x -> Math.copySign(Math.log(Math.abs(x) + Math.sqrt(x * x + 1)), x));
        unary(library, "atanh", x -> 0.5 * Math.log((1 + x) / (1 - x)));
        unary(
                library,
                "significand",
                x -> x == 0 || Double.isInfinite(x) ? x : x / Math.scalb(1.0, Math.getExponent(x)));
        unary(library, "logb", x -> x == 0 ? -Double.MAX_VALUE : Math.getExponent(x));
        unary(library, "exp10", x -> Math.pow(10, x));
        unary(library, "exp2", x -> Math.pow(2, x));
        binary(library, "fmin", Math::min);
        binary(library, "fmax", Math::max);
        binary(library, "fmod", (x, y) -> x % y);
        binary(library, "drem", Math::IEEEremainder);
        binary(library, "copysign", Math::copySign);
        binary(library, "nextafter", Math::nextAfter);
        binary(library, "nexttoward", Math::nextAfter);
        binary(library, "hypot", Math::hypot);
        binary(library, "ldexp", (x, n) -> Math.scalb(x, (int) n));
        binary(library, "scalb", (x, n) -> x * Math.pow(2, n));
        binary(library, "scalbln", (x, n) -> Math.scalb(x, (int) n));
        library.add(
                "fma",
                3,
                (in, args) -> Numbers.of(
                        number("fma", args.get(0)) * number("fma", args.get(1)) + number("fma", args.get(2))));
        library.add("frexp", 0, (in, args) -> frexp(number("frexp", in)));
        library.add("modf", 0, (in, args) -> modf(number("modf", in)));
        library.add("infinite", 0, (in, args) -> DoubleNode.valueOf(Double.POSITIVE_INFINITY));
        library.add("have_literal_numbers", 0, (in, args) -> BooleanNode.TRUE);
        library.add("have_decnum", 0, (in, args) -> BooleanNode.FALSE);
    }

    private static void unary(Library library, String name, DoubleUnaryOperator operator) {
        library.add(name, 0, (in, args) -> Numbers.of(operator.applyAsDouble(number(name, in))));
    }

    private static void binary(Library library, String name, DoubleBinaryOperator operator) {
        library.add(
                name,
                2,
                (in, args) -> Numbers.of(operator.applyAsDouble(number(name, args.get(0)), number(name, args.get(1)))));
    }

    private static void rounding(Library library, String name, RoundingMode mode) {
        library.add(name, 0, (in, args) -> rounded(name, in, mode));
    }

    private static JsonNode rounded(String name, JsonNode in, RoundingMode mode) throws JsonQueryException {
        double value = number(name, in);
        if (in.isIntegralNumber() || Double.isNaN(value) || Double.isInfinite(value)) {
            return in;
        }

        BigDecimal exact = in.decimalValue();
        BigInteger whole = exact.setScale(0, mode).toBigInteger();
        return Numbers.integer(whole);
    }

    private static JsonNode abs(JsonNode in) throws JsonQueryException {
        double value = number("abs", in);
        if (value >= 0 || Double.isNaN(value)) {
            return in;
        }
        return in.isIntegralNumber()
                ? Numbers.integer(in.bigIntegerValue().negate())
                : in.isBigDecimal()
                        ? JsonNodeFactory.instance.numberNode(in.decimalValue().negate())
                        : DoubleNode.valueOf(-value);
    }

    private static JsonNode frexp(double value) {
        int exponent = value == 0 || Double.isInfinite(value) || Double.isNaN(value) ? 0 : Math.getExponent(value) + 1;
        return JsonNodeFactory.instance
                .arrayNode()
                .add(Numbers.of(Math.scalb(value, -exponent)))
                .add(exponent);
    }

    private static JsonNode modf(double value) {
        double whole = value < 0 ? Math.ceil(value) : Math.floor(value);
        return JsonNodeFactory.instance
                .arrayNode()
                .add(Numbers.of(value - whole))
                .add(Numbers.of(whole));
    }

    static double number(String function, JsonNode value) throws JsonQueryException {
        if (!value.isNumber()) {
            throw Failing.error("`" + function + "` takes a number, not " + Json.shown(value));
        }
        return value.doubleValue();
    }
}
