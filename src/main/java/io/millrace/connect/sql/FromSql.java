package io.millrace.connect.sql;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.millrace.spi.Failure;
import io.millrace.spi.Failure.Kind;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.json.jackson.DatabindCodec;
import io.vertx.pgclient.data.Cidr;
import io.vertx.pgclient.data.Inet;
import io.vertx.pgclient.data.Interval;
import io.vertx.pgclient.data.Money;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import io.vertx.sqlclient.data.Numeric;
import io.vertx.sqlclient.desc.ColumnDescriptor;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Rows as JSON, no digit lost: numeric as a number where a double holds it, else as a string; bigint as a number; times as ISO 8601,
 * those with a zone in UTC; bytea as base64; json as it is; arrays as lists; NaN and the infinities as strings; all else as the
 * server's text.
 */
final class FromSql {
    /** Types that pg-client reads as null whatever they hold. */
    private static final Set<String> UNREADABLE = Set.of(
            "BIT",
            "BIT_ARRAY",
            "VARBIT",
            "VARBIT_ARRAY",
            "MACADDR",
            "MACADDR8",
            "XML",
            "XML_ARRAY",
            "OID",
            "OID_ARRAY",
            "HSTORE");

    private static final int BEFORE_ALL_TIME = -4713;

    static {
        // Decimals within json columns are decoded by Vert.x's own mapper: without this they pass through a double.
        DatabindCodec.mapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);
    }

    private FromSql() {}

    /** Every row as an object. Of columns with the same name the last counts. */
    static ArrayNode rows(RowSet<Row> rows) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode(rows.size());
        String[] names = names(rows);
        for (Row row : rows) {
            list.add(row(row, names));
        }
        return list;
    }

    /** The names of a result's columns; fails for a column that cannot be read. */
    static String[] names(RowSet<Row> rows) {
        List<ColumnDescriptor> columns = rows.columnDescriptors();
        if (columns == null) {
            return new String[0];
        }
        for (ColumnDescriptor column : columns) {
            if (UNREADABLE.contains(column.typeName())) {
                throw Failure.of(
                        Kind.REJECTED,
                        "column \"" + column.name() + "\" is of a type that cannot be read ("
                                + column.typeName().toLowerCase(java.util.Locale.ROOT) + "). Write " + column.name()
                                + "::text in the query.");
            }
        }
        return columns.stream().map(ColumnDescriptor::name).toArray(String[]::new);
    }

    static ObjectNode row(Row row, String[] names) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        for (int i = 0; i < names.length; i++) {
            json.set(names[i], json(row.getValue(i)));
        }
        return json;
    }

    static JsonNode json(@Nullable Object value) {
        if (value == null || value == Tuple.JSON_NULL) {
            return NullNode.instance;
        }
        if (value instanceof String text) {
            return TextNode.valueOf(text);
        }
        if (value instanceof Number number) {
            return number(number);
        }
        if (value instanceof Boolean bool) {
            return BooleanNode.valueOf(bool);
        }
        return value instanceof Object[] array ? list(array) : other(value);
    }

    private static JsonNode number(Number value) {
        if (value instanceof Integer || value instanceof Short) {
            return IntNode.valueOf(value.intValue());
        }
        if (value instanceof Long whole) {
            return whole == whole.intValue() ? IntNode.valueOf(whole.intValue()) : LongNode.valueOf(whole);
        }
        if (value instanceof Numeric numeric) {
            return numeric(numeric);
        }
        if (value instanceof BigDecimal decimal) {
            return DecimalNode.valueOf(decimal);
        }
        return value instanceof BigInteger whole ? BigIntegerNode.valueOf(whole) : floating(value);
    }

    private static JsonNode numeric(Numeric value) {
        BigDecimal decimal = value.bigDecimalValue();
        if (decimal == null) {
            return TextNode.valueOf("NaN");
        }
        double near = decimal.doubleValue();
        boolean exact = !Double.isInfinite(near) && new BigDecimal(Double.toString(near)).compareTo(decimal) == 0;
        if (!exact || decimal.precision() > 17) {
            return TextNode.valueOf(decimal.toPlainString());
        }
        return decimal.scale() <= 0 && decimal.precision() - decimal.scale() <= 15
                ? json(decimal.longValue())
                : DecimalNode.valueOf(decimal);
    }

    private static JsonNode floating(Number value) {
        double number = value instanceof Float ? Double.parseDouble(value.toString()) : value.doubleValue();
        return Double.isNaN(number) || Double.isInfinite(number)
                ? TextNode.valueOf(value.toString())
                : DoubleNode.valueOf(number);
    }

    private static JsonNode list(Object[] values) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode(values.length);
        for (Object value : values) {
            list.add(json(value));
        }
        return list;
    }

    private static JsonNode other(Object value) {
        if (value instanceof JsonObject object) {
            return object(object.getMap());
        }
        if (value instanceof JsonArray array) {
            return list(array.getList().toArray());
        }
        if (value instanceof Map<?, ?> map) {
            return object(map);
        }
        if (value instanceof List<?> list) {
            return list(list.toArray());
        }
        return TextNode.valueOf(text(value));
    }

    private static JsonNode object(Map<?, ?> map) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        map.forEach((name, value) -> json.set(String.valueOf(name), json(value)));
        return json;
    }

    private static String text(Object value) {
        if (value instanceof OffsetDateTime time) {
            return infinite(
                    time.toLocalDateTime(),
                    OffsetDateTime.MAX.equals(time),
                    DateTimeFormatter.ISO_INSTANT.format(time));
        }
        if (value instanceof LocalDateTime time) {
            return infinite(time, LocalDateTime.MAX.equals(time), DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(time));
        }
        if (value instanceof LocalDate date) {
            return LocalDate.MAX.equals(date) ? "infinity" : LocalDate.MIN.equals(date) ? "-infinity" : date.toString();
        }
        if (value instanceof LocalTime time) {
            return DateTimeFormatter.ISO_LOCAL_TIME.format(time);
        }
        if (value instanceof OffsetTime time) {
            return DateTimeFormatter.ISO_OFFSET_TIME.format(time);
        }
        if (value instanceof Buffer bytes) {
            return Base64.getEncoder().encodeToString(bytes.getBytes());
        }
        return value instanceof Interval interval ? Intervals.iso(interval) : network(value);
    }

    private static String infinite(LocalDateTime time, boolean max, String otherwise) {
        return max ? "infinity" : time.getYear() < BEFORE_ALL_TIME ? "-infinity" : otherwise;
    }

    private static String network(Object value) {
        if (value instanceof Inet inet) {
            return inet.getAddress().getHostAddress() + (inet.getNetmask() == null ? "" : "/" + inet.getNetmask());
        }
        if (value instanceof Cidr cidr) {
            return cidr.getAddress().getHostAddress() + "/" + cidr.getNetmask();
        }
        return value instanceof Money money ? money.bigDecimalValue().toPlainString() : value.toString();
    }
}
