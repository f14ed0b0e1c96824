package io.millrace.expr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.spi.Expressions.BadExpression;
import io.millrace.spi.Failure;
import io.millrace.spi.Template;
import io.millrace.spi.Variables;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What templates mean. */
class TemplateTest {
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '¦', quoteCharacter = '\u0001', textBlock = """
                    "${.a}"                        ¦ {"a":1}            ¦ 1
                    "${.a}"                        ¦ {"a":null}         ¦ null
                    "${.a}"                        ¦ {"a":{"b":[1]}}    ¦ {"b":[1]}
                    " ${.a}"                       ¦ {"a":1}            ¦ " 1"
                    "/x/${.a}/${.b}.pdf"           ¦ {"a":1,"b":"two"}  ¦ "/x/1/two.pdf"
                    "n=${.a}"                      ¦ {"a":1e20}         ¦ "n=100000000000000000000"
                    "n=${.a}"                      ¦ {"a":12345678901234567890.25} ¦ "n=12345678901234567890.25"
                    "n=${.a * 1.0}"                ¦ {"a":10000000}     ¦ "n=10000000"
                    "b=${.a}"                      ¦ {"a":true}         ¦ "b=true"
                    "o=${.a}"                      ¦ {"a":{"b":[1,"x"]}} ¦ "o={\\"b\\":[1,\\"x\\"]}"
                    "$${.a}"                       ¦ {"a":1}            ¦ "${.a}"
                    "$${.a} ${.a}"                 ¦ {"a":1}            ¦ "${.a} 1"
                    "$.a $x {.a}"                  ¦ {}                 ¦ "$.a $x {.a}"
                    "cost: $5 ${.a}"               ¦ {"a":1}            ¦ "cost: $5 1"
                    "${ {a: {b: '}'}} }"           ¦ {}                 ¦ {"a":{"b":"}"}}
                    "${ {a: \\"}\\"} | .a }"       ¦ {}                 ¦ "}"
                    "${.a | 'x\\\\('}' + .)y'}!"   ¦ {"a":"q"}          ¦ "x}qy!"
                    "${.a # }\\n}"                 ¦ {"a":1}            ¦ 1
                    {"${.a}":"${.a}"}              ¦ {"a":1}            ¦ {"${.a}":1}
                    {"a":"${.x}","b":{"c":[1,"${.y}"]}} ¦ {"x":1,"y":2} ¦ {"a":1,"b":{"c":[1,2]}}
                    {"a":"${empty}","b":1}         ¦ {}                 ¦ {"b":1}
                    {"a":"${.x | select(. > 1)}"}  ¦ {"x":1}            ¦ {}
                    ["${empty}",1]                 ¦ {}                 ¦ [1]
                    {"a":"$${"}                    ¦ {}                 ¦ {"a":"${"}
                    "${$params.a}-${$meta.id}"     ¦ {}                 ¦ "1-m1"
                    5                              ¦ {}                 ¦ 5
                    """)
    void means(String template, String input, String expected) throws Exception {
        assertThat(Evaluating.template(template, input)).isEqualTo(expected);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '¦', quoteCharacter = '\u0001', textBlock = """
                    "/x/${.id}"       ¦ `.id` is null
                    "${empty}"        ¦ has no output
                    "x${empty}"       ¦ `empty` has no output
                    "x${1,2}"         ¦ `1,2` has several outputs
                    "${1,2}"          ¦ `1,2` has several outputs
                    {"a":"${1,2}"}    ¦ `1,2` has several outputs
                    "${.a.b.c + $outer}" ¦ `$outer` has no value here
                    "${$env.NOPE}"    ¦ environment variable NOPE is not set
                    "u=${$env.NOPE}"  ¦ environment variable NOPE is not set
                    """)
    void fails_as_bad_data(String template, String message) {
        Failure failure = catchThrowableOfType(Failure.class, () -> Evaluating.template(template, "{}"));

        assertThat(failure.kind()).isEqualTo(Failure.Kind.BAD_DATA);
        assertThat(failure.message()).contains(message);
    }

    @Test
    void gives_a_literal_out_as_it_is() throws Exception {
        JsonNode value = Evaluating.json("{\"a\":[1,{\"b\":\"x\"}]}");

        Template template = Evaluating.EXPRESSIONS.template(value);

        assertThat(template.isLiteral()).isTrue();
        assertThat(template.eval(Evaluating.json("{}"), Variables.NONE)).isSameAs(value);
    }

    @Test
    void copies_only_what_holds_expressions() throws Exception {
        JsonNode value = Evaluating.json("{\"fixed\":{\"deep\":[1]},\"a\":\"${.a}\"}");

        JsonNode result = Evaluating.EXPRESSIONS.template(value).eval(Evaluating.json("{\"a\":1}"), Variables.NONE);

        assertThat(result.get("fixed")).isSameAs(value.get("fixed"));
        assertThat(value.get("a").textValue()).isEqualTo("${.a}");
    }

    @Test
    void knows_whether_it_can_be_evaluated_once() throws Exception {
        assertThat(of("{\"a\":\"${$params.a}\",\"b\":\"x${$env.HOME}\"}").isStatic())
                .isTrue();
        assertThat(of("\"${$meta.id}\"").isStatic()).isFalse();
        assertThat(of("\"${.a}\"").isStatic()).isFalse();
        assertThat(of("\"${uuid}\"").isStatic()).isFalse();
        assertThat(of("[\"${$outer.a}\",\"${.b}\"]").variables()).containsExactly("outer");
    }

    @Test
    void tells_of_a_missing_brace_and_where() {
        BadExpression bad = catchThrowableOfType(BadExpression.class, () -> of("{\"u\":[\"/page/${.id\"]}"));

        assertThat(bad.what()).isEqualTo("`${` at character 7 has no matching `}`");
        assertThat(bad.mend()).isEqualTo("Write `$${` for a literal `${`.");
        assertThat(bad.pointer()).isEqualTo("/u/0");
    }

    @Test
    void tells_where_a_bad_expression_stands() {
        BadExpression bad = catchThrowableOfType(BadExpression.class, () -> of("{\"a/b\":{\"c\":\"x ${lenght}\"}}"));

        assertThat(bad.what()).contains("there is no function `lenght`");
        assertThat(bad.pointer()).isEqualTo("/a~1b/c");
    }

    private static Template of(String json) throws BadExpression {
        return Evaluating.EXPRESSIONS.template(Evaluating.json(json));
    }
}
