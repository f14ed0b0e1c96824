package io.millrace.spi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.spi.Reference.To;
import java.nio.charset.Charset;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The types of fields. */
public final class Types {
    private Types() {}

    /**
     * Reads a value at a place: where the type takes no templates itself, a string with <code>${</code> is evaluated first, over
     * what is known at start. Every type that holds other types reads them by this.
     */
    public static <T> Optional<T> read(Type<T> type, Cursor at, Check check) {
        if (type.perItem() || !at.json().isTextual() || !at.json().textValue().contains("${")) {
            return Optional.ofNullable(type.read(at, check));
        }
        Template template = check.fixed(at);
        return template == null
                ? Optional.empty()
                : check.evaluate(at, template).flatMap(value -> Optional.ofNullable(type.read(at.with(value), check)));
    }

    public static Type<String> string() {
        return scalar("a string", "string", JsonNode::isTextual, JsonNode::textValue);
    }

    public static Type<Boolean> bool() {
        return scalar("true or false", "boolean", JsonNode::isBoolean, JsonNode::booleanValue);
    }

    /** A whole number within bounds, both included. */
    public static Type<Integer> integer(int min, int max) {
        return new NumberType(min, max, true).map(Number::intValue);
    }

    public static Type<Long> longInteger(long min, long max) {
        return new NumberType(min, max, true).map(Number::longValue);
    }

    public static Type<Double> number(double min, double max) {
        return new NumberType(min, max, false).map(Number::doubleValue);
    }

    public static Type<Duration> duration() {
        return new TextType<>(
                "duration",
                "500ms, 10s, 2m, 1h or 7d",
                "^(\\d+(\\.\\d+)? ?(ms|s|m|h|d)|.*\\$\\{.*)$",
                Quantities::duration);
    }

    /** Bytes. */
    public static Type<Long> size() {
        return new TextType<>(
                "size", "64KB, 10MB or 1GB", "^(\\d+(\\.\\d+)? ?([kKmMgGtT]?[bB])?|.*\\$\\{.*)$", Quantities::size);
    }

    public static Type<Rate> rate() {
        return new TextType<>(
                "rate", "50/s, 10/m or 1000/h", "^(\\d+(\\.\\d+)? ?/ ?(s|m|h)|.*\\$\\{.*)$", Quantities::rate);
    }

    /** One of some words. */
    public static Type<String> oneOf(String noun, String... words) {
        return new WordType(noun, List.of(words));
    }

    /** One of the constants, written in lower case, {@code _} as {@code -}. */
    public static <E extends Enum<E>> Type<E> enumOf(String noun, Class<E> of) {
        return WordType.of(noun, of);
    }

    /** The name of a character set. */
    public static Type<Charset> charset() {
        return new CharsetType();
    }

    /** A JSON value over which templates are evaluated once, at start. */
    public static Type<JsonNode> json() {
        return new StaticJsonType();
    }

    /** A JSON value with templates, evaluated for each item. */
    public static Type<Template> template() {
        return new TemplateType();
    }

    /** A bare jq filter. */
    public static Type<Jq> jq() {
        return new JqType();
    }

    /** A literal of the type, or a template that gives one for each item. */
    public static <T> Type<Dynamic<T>> dynamic(Type<T> type) {
        return new DynamicType<>(type);
    }

    public static <T> Type<List<T>> list(Type<T> element) {
        return new ListType<>(element);
    }

    /** A list, or one element alone. */
    public static <T> Type<List<T>> oneOrMore(Type<T> element) {
        return Types.<List<T>>either(list(element)).or(element.map(List::of));
    }

    /** An object with any keys; keeps their order. */
    public static <T> Type<Map<String, T>> map(Type<T> value) {
        return new MapType<>(value);
    }

    /** An object with the fields of a spec. */
    public static Type<Settings> object(Spec spec) {
        return new ObjectType(spec);
    }

    /** A list of steps. */
    public static Type<Block> steps(Block.Filter filter) {
        return new StepsType(filter);
    }

    /** The name of a resource of a kind. */
    public static Type<String> resource(String kind) {
        return new NameType(To.RESOURCE, kind);
    }

    public static Type<String> stage() {
        return new NameType(To.STAGE, "");
    }

    public static Type<String> function() {
        return new NameType(To.FUNCTION, "");
    }

    public static Type<String> workers() {
        return new NameType(To.WORKERS, "");
    }

    /** The first of several types whose shape fits: {@code either(a).or(b)}. */
    public static <T> Union<T> either(Type<? extends T> first) {
        return new Union<>(List.of(first));
    }

    private static <T> Type<T> scalar(
            String noun,
            String schemaType,
            java.util.function.Predicate<JsonNode> is,
            java.util.function.Function<JsonNode, T> get) {
        return new ScalarType<>(noun, schemaType, is, get);
    }

    static ObjectNode schemaOf(String type) {
        return JsonNodeFactory.instance.objectNode().put("type", type);
    }

    /** {@code "text"} or {@code 12}, short, as it is shown in an error. */
    static String shown(JsonNode value) {
        String text = value.toString();
        return text.length() <= 60 ? text : text.substring(0, 57) + "…";
    }
}
