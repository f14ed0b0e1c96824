package io.millrace.spi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** A number within bounds, both included. */
record NumberType(double min, double max, boolean whole) implements Type<Number> {
    @Override
    public String noun() {
        String what = whole ? "a whole number" : "a number";
        if (max >= Integer.MAX_VALUE) {
            return min <= Integer.MIN_VALUE ? what : what + " of at least " + plain(min);
        }
        return what + " from " + plain(min) + " to " + plain(max);
    }

    @Override
    public ObjectNode schema() {
        ObjectNode schema = Types.schemaOf(whole ? "integer" : "number");
        if (min > Integer.MIN_VALUE) {
            schema.put("minimum", new BigDecimal(plain(min)));
        }
        if (max < Integer.MAX_VALUE) {
            schema.put("maximum", new BigDecimal(plain(max)));
        }
        return Schemas.orTemplate(schema);
    }

    @Override
    public @Nullable Number read(Cursor at, Check check) {
        JsonNode json = at.json();
        if (!json.isNumber()
                || (whole && json.decimalValue().stripTrailingZeros().scale() > 0)) {
            check.error(at, Types.shown(json) + " is not a " + (whole ? "whole number." : "number."), mend(json));
            return null;
        }
        if (json.doubleValue() < min || json.doubleValue() > max) {
            check.error(at, Types.shown(json) + " is out of bounds.", "Write " + noun() + ".");
            return null;
        }
        return json.numberValue();
    }

    @Override
    public boolean accepts(JsonNode value) {
        return value.isNumber();
    }

    private String mend(JsonNode json) {
        boolean quoted = json.isTextual() && json.textValue().matches("-?\\d{1,18}");
        return quoted ? "Write " + json.textValue() + ", without quotes." : "Write " + noun() + ".";
    }

    private static String plain(double value) {
        return new BigDecimal(value).stripTrailingZeros().toPlainString();
    }
}
