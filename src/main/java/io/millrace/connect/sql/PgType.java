package io.millrace.connect.sql;

/**
 * A type of the server, without length or precision: those are the column's, and an explicit cast to them would cut without a word
 * what an assignment refuses.
 *
 * @param name as a cast takes it
 * @param category as {@code pg_type.typcategory} has it: S text, A array, E enum …
 * @param element of an array the name of its elements' type, else empty
 */
record PgType(String name, char category, String element) {
    /** How values travel to the server. */
    enum Wire {
        BOOL("bool"),
        INT2("int2"),
        INT4("int4"),
        INT8("int8"),
        FLOAT4("float4"),
        FLOAT8("float8"),
        /** As text that needs no cast. */
        TEXT("text"),
        /** As text, which the server parses: it knows its types best. */
        CAST("text");

        final String sql;

        Wire(String sql) {
            this.sql = sql;
        }
    }

    /** Selects the three parts of the type whose oid is {@code t.oid}. */
    static final String PARTS =
            "format_type(t.oid, NULL), t.typcategory::text, CASE WHEN t.typcategory = 'A' AND t.typelem <> 0"
                    + " THEN format_type(t.typelem, NULL) ELSE '' END";

    static PgType of(String name, String category, String element) {
        return new PgType(name, category.charAt(0), element);
    }

    Wire wire() {
        return switch (name) {
            case "boolean" -> Wire.BOOL;
            case "smallint" -> Wire.INT2;
            case "integer" -> Wire.INT4;
            case "bigint" -> Wire.INT8;
            case "real" -> Wire.FLOAT4;
            case "double precision" -> Wire.FLOAT8;
            default -> category == 'S' ? Wire.TEXT : Wire.CAST;
        };
    }

    /** Turns an expression of the wire's type into this type. */
    String cast(String expression) {
        return wire() == Wire.CAST ? expression + "::" + target(name) : expression;
    }

    private static String target(String name) {
        return name.equals("bit") ? "varbit" : name.equals("bit[]") ? "varbit[]" : name;
    }

    boolean isJson() {
        return name.equals("jsonb") || name.equals("json");
    }

    PgType elementType() {
        return new PgType(element, element.equals("text") || element.equals("character varying") ? 'S' : 'U', "");
    }

    @Override
    public String toString() {
        return name;
    }
}
