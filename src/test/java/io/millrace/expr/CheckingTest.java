package io.millrace.expr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.spi.Expressions.BadExpression;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is told of an expression before it is run. */
class CheckingTest {
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '¦', quoteCharacter = '\u0001', textBlock = """
                    .a | lenght            ¦ there is no function `lenght` at character 6              ¦ Did you mean `length`?
                    sort_bye(.a)           ¦ there is no function `sort_bye` with 1 argument           ¦ Did you mean `sort_by`?
                    def foo: 1; fooo       ¦ there is no function `fooo`                               ¦ Did you mean `foo`?
                    def f(abc): abcd; f(1) ¦ there is no function `abcd`                               ¦ Did you mean `abc`?
                    title                  ¦ there is no function `title`                              ¦ For the field write `.title`
                    map                    ¦ `map` takes 1 argument, not 0                            ¦ Arguments are separated by `;`.
                    splits(1;2;3)          ¦ `splits` takes 1 or 2 arguments, not 3                    ¦ separated by `;`
                    $parms.a               ¦ there is no variable `$parms` at character 1              ¦ Did you mean `$params`?
                    1 as $item | $itme     ¦ there is no variable `$itme`                              ¦ Did you mean `$item`?
                    (1 as $x | $x) | $x    ¦ there is no variable `$x` at character 18                 ¦ There are $env, $meta, $outer
                    reduce .[] as $x ($x; 1) ¦ there is no variable `$x`                               ¦ There are
                    @bas64                 ¦ there is no format `@bas64`                               ¦ Did you mean `@base64`?
                    break $out             ¦ there is no label `$out` to break to                      ¦ label $out
                    .a |                   ¦ found the end of the expression where a value was expected at character 5 ¦ Write a value there.
                    .a b                   ¦ found `b` where an operator or the end was expected at character 4 ¦
                    {a: 1                  ¦ found the end of the expression where `}` was expected    ¦
                    [1, 2                  ¦ where `]` was expected                                    ¦
                    if . then 1            ¦ where `end` was expected                                  ¦
                    "abc                   ¦ found a string that has no closing " at character 1       ¦ Close it with ".
                    'abc                   ¦ found a string that has no closing ' at character 1       ¦ Close it with '.
                    "a\\q"                 ¦ found `\\q`, which is no escape, at character 3           ¦ For a backslash write `\\\\`.
                    "\\(1"                 ¦ found `\\(` that has no matching `)`                      ¦ Close it with `)`.
                    .a & .b                ¦ found `&`, which is not jq, at character 4                ¦ Remove it.
                    ${.a} == 1             ¦ found `$`, which is not jq, at character 1                ¦ write `.a == 1`, not
                    1e                     ¦ found a number without digits in its exponent             ¦ Write 1e3
                    . as [$a] ?// $a | $a  ¦ `?//` is not supported                                    ¦ Use `if`
                    foo::bar               ¦ modules are not supported                                 ¦ Define functions with `def`
                    include "x"; .         ¦ modules are not supported                                 ¦ Define functions with `def`
                    input                  ¦ `input` is not available in a flow                        ¦ use a source
                    debug("x")             ¦ `debug` is not available in a flow                        ¦ Use a `log` step.
                    halt                   ¦ `halt` is not available in a flow                         ¦ use `filter`
                    input_line_number      ¦ `input_line_number` is not available in a flow            ¦ `$meta`
                    f(1, )                 ¦ found `)` where a value was expected                      ¦
                    "\\(lenght)"           ¦ there is no function `lenght` at character 4              ¦ Did you mean
                    """)
    void tells_what_is_wrong_where_and_how_to_mend_it(String jq, String what, String mend) {
        BadExpression bad = catchThrowableOfType(BadExpression.class, () -> Evaluating.EXPRESSIONS.jq(jq));

        assertThat(bad.what()).contains(what).doesNotContain("Exception");
        assertThat(bad.mend()).contains(mend == null ? "" : mend).isNotBlank();
    }

    @Test
    void tells_line_and_column_in_a_text_of_several_lines() {
        BadExpression bad =
                catchThrowableOfType(BadExpression.class, () -> Evaluating.EXPRESSIONS.jq(".a\n| # note\n  lenght"));

        assertThat(bad.what()).isEqualTo("there is no function `lenght` at line 3, column 3");
    }

    @Test
    void tells_of_an_empty_expression() {
        assertThat(catchThrowableOfType(BadExpression.class, () -> Evaluating.EXPRESSIONS.jq("  "))
                        .what())
                .startsWith("the expression is empty");
    }

    @Test
    void tells_of_nesting_that_no_stack_can_take() {
        BadExpression bad =
                catchThrowableOfType(BadExpression.class, () -> Evaluating.EXPRESSIONS.jq("[".repeat(100_000)));

        assertThat(bad.what()).contains("nested too deeply");
        assertThat(catchThrowableOfType(BadExpression.class, () -> Evaluating.EXPRESSIONS.jq("-".repeat(100_000) + "1"))
                        .what())
                .contains("nested too deeply");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "def f(g): g; f(.)",
                "def f($a): $a; f(1)",
                "def f: def g: 3; g; f",
                ". as [$a, {b: $c, $d}] | $a + $c + $d",
                "reduce .[] as [$k, $v] ({}; .[$k] = $v)",
                "foreach .[] as $x (0; . + $x; [$x, .])",
                "def walk2(f): def w: if type == 'object' then map_values(w) else . end | f; w; walk2(.)",
                "label $f | .[] | if . > 1 then ., break $f else . end"
            })
    void knows_names_that_the_expression_itself_makes(String jq) {
        assertThatCode(() -> Evaluating.EXPRESSIONS.jq(jq)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ".name",
                ".a.b",
                ".links | length",
                "$params.x",
                "$meta",
                ".[0]",
                ".a // 1",
                ".items[]",
                "$env.HOME // ''"
            })
    void suspects_jq_in_a_value(String text) {
        assertThat(JqExpressions.looksLikeJq(text)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"a.txt", "${.name}", "./x.txt", "../x", "$5.00", "hello", "", ".", "...", "$HOME/bin", "name"})
    void suspects_no_jq_in_plain_values(String text) {
        assertThat(JqExpressions.looksLikeJq(text)).isFalse();
    }
}
