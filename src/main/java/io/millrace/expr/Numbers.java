package io.millrace.expr;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.LongNode;
import java.math.BigDecimal;
import java.math.BigInteger;

/** Numbers that keep their digits: read, compared and printed exactly. */
final class Numbers {
    /** Digits that a double carries without loss. */
    private static final int DOUBLE_DIGITS = 15;
    /** Exponents up to this are printed in plain digits, as JavaScript and jq do. */
    private static final int PLAIN_EXPONENT = 20;

    private Numbers() {}

    /** A number in JSON's spelling; {@code .5} and {@code 5.} are taken too. Throws NumberFormatException. */
    static JsonNode parse(String text) {
        return text.chars().allMatch(c -> c == '-' || Scanner.isDigit((char) c))
                ? integer(new BigInteger(text))
                : decimal(text);
    }

    static JsonNode integer(BigInteger value) {
        if (value.bitLength() < 32) {
            return IntNode.valueOf(value.intValue());
        }
        return value.bitLength() < 64 ? LongNode.valueOf(value.longValue()) : BigIntegerNode.valueOf(value);
    }

    private static JsonNode decimal(String text) {
        BigDecimal exact = new BigDecimal(text.endsWith(".") ? text + "0" : text);
        double value = exact.doubleValue();
        if (Double.isInfinite(value)) {
            return DoubleNode.valueOf(Math.copySign(Double.MAX_VALUE, value));
        }
        return exact.precision() <= DOUBLE_DIGITS ? DoubleNode.valueOf(value) : DecimalNode.valueOf(exact);
    }

    /** The result of floating arithmetic: an integer where it is one. */
    static JsonNode of(double value) {
        long whole = (long) value;
        if (whole == value && Math.abs(value) < 0x1p53) {
            return whole == (int) whole ? IntNode.valueOf((int) whole) : LongNode.valueOf(whole);
        }
        return DoubleNode.valueOf(value);
    }

    /** Order of numbers by their exact values; NaN is below all. */
    static int compare(JsonNode a, JsonNode b) {
        if (a.isIntegralNumber() && b.isIntegralNumber() && a.canConvertToLong() && b.canConvertToLong()) {
            return Long.compare(a.longValue(), b.longValue());
        }
        double x = a.doubleValue();
        double y = b.doubleValue();
        if (Double.isNaN(x)) {
            return -1;
        }
        if (Double.isNaN(y)) {
            return 1;
        }
        if (Double.isInfinite(x) || Double.isInfinite(y) || x != y || (a.isDouble() && b.isDouble())) {
            return x < y ? -1 : x > y ? 1 : 0;
        }
        return a.decimalValue().compareTo(b.decimalValue());
    }

    static String print(JsonNode number) {
        if (number.isIntegralNumber()) {
            return number.asText();
        }
        if (number.isBigDecimal()) {
            return print(number.decimalValue());
        }
        double value = number.doubleValue();
        if (Double.isNaN(value)) {
            return "null";
        }
        double finite = Double.isInfinite(value) ? Math.copySign(Double.MAX_VALUE, value) : value;
        return print(new BigDecimal(number.isFloat() ? Float.toString(number.floatValue()) : Double.toString(finite)));
    }

    private static String print(BigDecimal value) {
        if (value.signum() == 0) {
            return "0";
        }
        BigDecimal shortest = value.stripTrailingZeros();
        int exponent = shortest.precision() - shortest.scale() - 1;
        boolean plain = exponent >= -7 && exponent <= PLAIN_EXPONENT;
        return plain ? shortest.toPlainString() : shortest.toString().replace('E', 'e');
    }
}
