package io.millrace.expr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.spi.Failure;
import io.millrace.spi.Jq;
import io.millrace.spi.Variables;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What filters mean. */
class JqTest {
    @ParameterizedTest(name = "{1} | {0}")
    @CsvSource(delimiter = '¦', quoteCharacter = '\u0001', textBlock = """
                    # paths
                    .                              ¦ 1                           ¦ [1]
                    .a                             ¦ {"a":1}                     ¦ [1]
                    .a                             ¦ null                        ¦ [null]
                    .a.b.c                         ¦ {"a":null}                  ¦ [null]
                    .'a b'                         ¦ {"a b":2}                   ¦ [2]
                    .["a"]                         ¦ {"a":1}                     ¦ [1]
                    .a.[0]                         ¦ {"a":[5]}                   ¦ [5]
                    .a[1:]                         ¦ {"a":[1,2,3]}               ¦ [[2,3]]
                    .[:-1]                         ¦ [1,2,3]                     ¦ [[1,2]]
                    .[-1]                          ¦ [1,2,3]                     ¦ [3]
                    .[]                            ¦ {"a":1,"b":2}               ¦ [1,2]
                    .[]?                           ¦ 1                           ¦ []
                    .a?                            ¦ 1                           ¦ []
                    .a."b".c                       ¦ {"a":{"b":{"c":1}}}         ¦ [1]
                    .and.if                        ¦ {"and":{"if":1}}            ¦ [1]
                    ..                             ¦ [[1]]                       ¦ [[[1]],[1],1]
                    .[.k]                          ¦ {"k":"v","v":3}             ¦ [3]
                    # operators
                    1 + 2 * 3                      ¦ null                        ¦ [7]
                    1 - 2 - 3                      ¦ null                        ¦ [-4]
                    -.a                            ¦ {"a":1}                     ¦ [-1]
                    1, 2 | . * 10                  ¦ null                        ¦ [10,20]
                    (1,2) + (10,20)                ¦ null                        ¦ [11,12,21,22]
                    .a // .b // 3                  ¦ {}                          ¦ [3]
                    (.a, .b) // 3                  ¦ {"a":null,"b":2}            ¦ [2]
                    error("x") // 1                ¦ null                        ¦ [1]
                    1 == 1.0                       ¦ null                        ¦ [true]
                    .a and .b or true              ¦ {}                          ¦ [true]
                    [1,2,2,3] - [2]                ¦ null                        ¦ [[1,3]]
                    {"a":{"b":1}} * {"a":{"c":2}}  ¦ null                        ¦ [{"a":{"b":1,"c":2}}]
                    "a,b" / ","                    ¦ null                        ¦ [["a","b"]]
                    "ab" * 2                       ¦ null                        ¦ ["abab"]
                    7 % 3                          ¦ null                        ¦ [1]
                    # construction
                    {a: .x, b: (.y|length)}        ¦ {"x":1,"y":[1,2]}           ¦ [{"a":1,"b":2}]
                    {a, "b": 1, "c d": 2}          ¦ {"a":5}                     ¦ [{"a":5,"b":1,"c d":2}]
                    {(.k): 1}                      ¦ {"k":"z"}                   ¦ [{"z":1}]
                    {a: (1,2)}                     ¦ null                        ¦ [{"a":1},{"a":2}]
                    . as $x | {$x}                 ¦ 3                           ¦ [{"x":3}]
                    {"a\\(1)": 2}                  ¦ null                        ¦ [{"a1":2}]
                    {if: 1, a: 1 + 2}              ¦ null                        ¦ [{"if":1,"a":3}]
                    {a: 1 | . + 1}                 ¦ null                        ¦ [{"a":2}]
                    []                             ¦ null                        ¦ [[]]
                    [.[] | select(. > 1)]          ¦ [1,2,3]                     ¦ [[2,3]]
                    # texts
                    'it''s'                        ¦ null                        ¦ error
                    'it\\'s "so"'                  ¦ null                        ¦ ["it's \\"so\\""]
                    "a\\(.x)b\\(.y)"               ¦ {"x":1,"y":"z"}             ¦ ["a1bz"]
                    'a\\('b' + 'c')'               ¦ null                        ¦ ["abc"]
                    "\\(1,2) \\(3,4)"              ¦ null                        ¦ ["1 3","2 3","1 4","2 4"]
                    "\\u00e9\\n"                   ¦ null                        ¦ ["é\\n"]
                    @base64 "x\\(.)"               ¦ "ab"                        ¦ ["xYWI="]
                    @uri "?q=\\(.)"                ¦ "a b&c"                     ¦ ["?q=a%20b%26c"]
                    @json                          ¦ [1,"a"]                     ¦ ["[1,\\"a\\"]"]
                    .a # the '"comment             ¦ {"a":1}                     ¦ [1]
                    # control
                    if . then 1 else 2 end         ¦ null                        ¦ [2]
                    if . == 1 then 'a' elif . == 2 then 'b' end ¦ 2              ¦ ["b"]
                    if . == 1 then 'a' end         ¦ 5                           ¦ [5]
                    try error("x") catch .         ¦ null                        ¦ ["x"]
                    try error({a:1}) catch .a      ¦ null                        ¦ [1]
                    [.[] | tonumber?]              ¦ ["1","x","2"]               ¦ [[1,2]]
                    reduce .[] as $x (0; . + $x)   ¦ [1,2,3]                     ¦ [6]
                    [foreach .[] as $x (0; . + $x)] ¦ [1,2,3]                    ¦ [[1,3,6]]
                    [foreach .[] as [$a,$b] (0; . + $a; [., $b])] ¦ [[1,2],[3,4]] ¦ [[[1,2],[4,4]]]
                    . as {a: $x, b: [$y]} | $x + $y ¦ {"a":1,"b":[2]}            ¦ [3]
                    . as {$a, b: {$c}} | [$a, $c]  ¦ {"a":1,"b":{"c":2}}         ¦ [[1,2]]
                    . as {"a": $x} | $x            ¦ {"a":1}                     ¦ [1]
                    . as {(.k): $x} | $x           ¦ {"k":"z","z":4}             ¦ [4]
                    1 + . as $x | $x               ¦ 5                           ¦ [6]
                    def f: . + 1; f | f            ¦ 1                           ¦ [3]
                    def f($a; g): $a + g; f(1; .)  ¦ 5                           ¦ [6]
                    def fac: if . <= 1 then 1 else . * (. - 1 | fac) end; fac ¦ 5 ¦ [120]
                    def map(f): 9; map(.)          ¦ [1]                         ¦ [9]
                    [label $out | 1, 2, break $out, 3] ¦ null                    ¦ [[1,2]]
                    [label $a | label $b | 1, break $a, 2] ¦ null                ¦ [[1]]
                    def g(f): label $out | f, 9; [label $out | g(1, break $out), 2] ¦ null ¦ [[1]]
                    [first(range(10))]             ¦ null                        ¦ [[0]]
                    [limit(3; repeat(1))]          ¦ null                        ¦ [[null,1,1]]
                    [.[] | (1/.)?]                 ¦ [1,0]                       ¦ [[1]]
                    try ((1, error("x")) | .) catch "c" ¦ null                   ¦ [1,"c"]
                    [first(first(1, 2), 3)]        ¦ null                        ¦ [[1]]
                    def h(f): label $o | f | ., break $o; [h(h(1, 2), 3)] ¦ null ¦ [[1]]
                    def h: label $o | if . > 2 then break $o else ., (. + 1 | h), 9 end; [h] ¦ 1 ¦ [[1,2,9,9]]
                    # updates
                    .a = 1                         ¦ {"b":2}                     ¦ [{"b":2,"a":1}]
                    .a.b |= . + 1                  ¦ {"a":{"b":1}}               ¦ [{"a":{"b":2}}]
                    .a += 1                        ¦ {"a":1}                     ¦ [{"a":2}]
                    .a //= 5                       ¦ {}                          ¦ [{"a":5}]
                    .[] |= empty                   ¦ [1]                         ¦ [[]]
                    del(.a, .b)                    ¦ {"a":1,"b":2,"c":3}         ¦ [{"c":3}]
                    del(.[0,2])                    ¦ [1,2,3]                     ¦ [[2]]
                    to_entries                     ¦ {"a":1}                     ¦ [[{"key":"a","value":1}]]
                    with_entries(.value += 1)      ¦ {"a":1}                     ¦ [{"a":2}]
                    [paths]                        ¦ {"a":[1]}                   ¦ [[["a"],["a",0]]]
                    (.. | select(type == "number")) |= . + 1 ¦ {"a":[1]}         ¦ [{"a":[2]}]
                    first(.[] | select(. > 1)) = 9 ¦ [1,2,3]                     ¦ [[1,9,3]]
                    pick(.a.b)                     ¦ {"a":{"b":1,"c":2}}         ¦ [{"a":{"b":1}}]
                    # variables
                    $params.a                      ¦ null                        ¦ [1]
                    $params | .a                   ¦ null                        ¦ [1]
                    $run.id + $params.a            ¦ null                        ¦ [8]
                    $env.HOME                      ¦ null                        ¦ ["/root"]
                    env.HOME                       ¦ null                        ¦ ["/root"]
                    $ENV.HOME                      ¦ null                        ¦ ["/root"]
                    $env | .HOME                   ¦ null                        ¦ ["/root"]
                    $env.NOPE // "d"               ¦ null                        ¦ ["d"]
                    ($env.NOPE | ascii_downcase) // "d" ¦ null                   ¦ ["d"]
                    $env["NOPE"] // "d"            ¦ null                        ¦ ["d"]
                    $env.NOPE?                     ¦ null                        ¦ [null]
                    $env.EMPTY                     ¦ null                        ¦ [""]
                    $__loc__                       ¦ null                        ¦ [{"file":"<expression>","line":1}]
                    ${.a}                          ¦ {"a":1}                     ¦ [1]
                    ${ {a: '}'} }                  ¦ null                        ¦ [{"a":"}"}]
                    """)
    void means_what_jq_means(String jq, String input, String expected) throws Exception {
        if (expected.equals("error")) {
            assertThat(catchThrowableOfType(Exception.class, () -> Evaluating.all(jq, input)))
                    .isNotNull();
            return;
        }

        assertThat(Evaluating.all(jq, input)).isEqualTo(expected);
    }

    @ParameterizedTest(name = "{1} | {0}")
    @CsvSource(delimiter = '¦', quoteCharacter = '\u0001', textBlock = """
                    .price | tonumber  ¦ {"price":"abc"} ¦ `.price | tonumber`: Cannot parse "abc" as a number
                    .a                 ¦ 1               ¦ `.a`: Cannot index number with "a"
                    .a | length        ¦ [1]             ¦ `.a | length`: Cannot index array with "a"
                    .[]                ¦ null            ¦ `.[]`: Cannot iterate over null
                    error              ¦ null            ¦ `error`: null (null) not a string
                    error("no")        ¦ null            ¦ `error("no")`: no
                    error({a: 1})      ¦ null            ¦ `error({a: 1})`: {"a":1}
                    (.a?) | error("x") ¦ {}              ¦ `(.a?) | error("x")`: x
                    $env.NOPE          ¦ null            ¦ `$env.NOPE`: environment variable NOPE is not set. Set it, or write `$env.NOPE // "default"`
                    env | .NOPE | . + 1 ¦ null            ¦ environment variable NOPE is not set
                    "a" + $env["NOPE"] ¦ null            ¦ environment variable NOPE is not set
                    $outer.a           ¦ null            ¦ `$outer.a`: `$outer` has no value here
                    [$outer]           ¦ null            ¦ `[$outer]`: `$outer` has no value here
                    file("/no/such")   ¦ null            ¦ cannot read file /no/such: it does not exist
                    """)
    void tells_the_expression_and_the_cause(String jq, String input, String message) {
        Failure failure = catchThrowableOfType(Failure.class, () -> Evaluating.all(jq, input));

        assertThat(failure.kind()).isEqualTo(Failure.Kind.BAD_DATA);
        assertThat(failure.message()).contains(message);
    }

    @Test
    void shortens_a_long_expression_and_a_long_cause() {
        String jq = "'" + "x".repeat(5000) + "' | tonumber";

        Failure failure = catchThrowableOfType(Failure.class, () -> Evaluating.all(jq, "null"));

        assertThat(failure.message()).hasSizeLessThan(800).startsWith("`'xxx");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '¦', textBlock = """
                    repeat(.)
                    range(1e12)
                    [range(1e12)]
                    last(range(1e12))
                    until(false; .)
                    recurse(.)
                    def f: 1 + f; f
                    def f: f; f
                    "x" * 1e9
                    reduce range(1e12) as $i (0; . + 1)
                    """)
    void stops_a_runaway(String jq) {
        Failure failure = catchThrowableOfType(Failure.class, () -> Evaluating.all(jq, "1"));

        assertThat(failure.kind()).isEqualTo(Failure.Kind.LIMIT);
        assertThat(failure.message()).startsWith("`");
    }

    @Test
    void loops_long_without_using_stack() throws Exception {
        assertThat(Evaluating.all("until(. > 200000; . + 1)", "0")).isEqualTo("[200001]");
        assertThat(Evaluating.all("last(while(. < 200000; . + 1))", "0")).isEqualTo("[199999]");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '¦', quoteCharacter = '\u0001', textBlock = """
                    .                                   ¦ [9007199254740993]
                    .a                                  ¦ {"a":12345678901234567890.5}
                    {a: .a}                             ¦ {"a":123456789012345678901234567890}
                    [.[] | tostring | tonumber]         ¦ [9007199254740993,0.12345678901234567890123]
                    [.[] | tojson | fromjson]           ¦ [9007199254740993,0.12345678901234567890123]
                    unique                              ¦ [9007199254740992,9007199254740993]
                    group_by(.) | map(.[0])             ¦ [9007199254740992,9007199254740993]
                    map(select(. != 9007199254740992))  ¦ [9007199254740993]
                    [max]                               ¦ [9007199254740993]
                    sort                                ¦ [9007199254740992,9007199254740993]
                    [.[0] == .[0]] | [12345678901234567890] ¦ [12345678901234567890]
                    . - [9007199254740992]              ¦ [9007199254740993]
                    """)
    void keeps_digits(String jq, String value) throws Exception {
        String expected =
                value.startsWith("{\"a\":1234567890123456789") && jq.equals(".a") ? "12345678901234567890.5" : value;

        assertThat(Evaluating.all(jq, value)).isEqualTo("[" + expected + "]");
    }

    @Test
    void tells_numbers_apart_that_one_double_stands_for() throws Exception {
        assertThat(Evaluating.all(".[0] == .[1], .[0] < .[1]", "[9007199254740992,9007199254740993]"))
                .isEqualTo("[false,true]");
        assertThat(Evaluating.all("12345678901234567890 == 12345678901234567891", "null"))
                .isEqualTo("[false]");
        assertThat(Evaluating.all("[1e17, 1e3, 1.5, 1e300, 0.1 + 0.2] | map(tostring)", "null"))
                .isEqualTo("[[\"100000000000000000\",\"1000\",\"1.5\",\"1e+300\",\"0.30000000000000004\"]]");
    }

    @Test
    void knows_what_it_reads() throws Exception {
        for (String jq : List.of(
                "$params.a",
                "'lit'",
                "$params | .a",
                "$env.X // null",
                "file('x')",
                "$resources.shop.url + '/x'",
                "\"\\($params.a)\"",
                "[1,2]",
                "{a: $run.id}",
                "1 as $x | $x",
                "if $params.a then 1 else 2 end",
                "[range(3)]")) {
            assertThat(Evaluating.EXPRESSIONS.jq(jq).readsInput()).as(jq).isFalse();
        }
        for (String jq : List.of(
                ".",
                ".a",
                "length",
                "..",
                "[.[]]",
                "\"\\(.a)\"",
                "{a}",
                "$params[.k]",
                "if $params.a then 1 end",
                "uuid",
                "$params | now",
                ". as $x | 1",
                "@json",
                "map(1)")) {
            assertThat(Evaluating.EXPRESSIONS.jq(jq).readsInput()).as(jq).isTrue();
        }
    }

    @Test
    void knows_its_variables() throws Exception {
        Jq jq = Evaluating.EXPRESSIONS.jq("$params.a + $meta.id + (1 as $x | $x) + \"\\($outer.b)\" + env.A");

        assertThat(jq.variables()).containsExactlyInAnyOrder("params", "meta", "outer", "env");
    }

    @Test
    void gives_one_output_or_tells_why_not() throws Exception {
        assertThat(Evaluating.EXPRESSIONS
                        .jq(".a")
                        .one(Evaluating.json("{\"a\":1}"), Variables.NONE)
                        .intValue())
                .isEqualTo(1);
        assertThat(catchThrowableOfType(
                                Failure.class,
                                () -> Evaluating.EXPRESSIONS.jq("empty").one(Evaluating.json("1"), Variables.NONE))
                        .message())
                .isEqualTo("`empty` has no output");
        assertThat(catchThrowableOfType(
                                Failure.class,
                                () -> Evaluating.EXPRESSIONS.jq("1,2").one(Evaluating.json("1"), Variables.NONE))
                        .message())
                .startsWith("`1,2` has several outputs");
    }

    @Test
    void tests_the_first_output_alone() throws Exception {
        assertThat(Evaluating.EXPRESSIONS.jq("true, error").test(Evaluating.json("1"), Variables.NONE))
                .isTrue();
        assertThat(Evaluating.EXPRESSIONS.jq("empty").test(Evaluating.json("1"), Variables.NONE))
                .isFalse();
        assertThat(Evaluating.EXPRESSIONS.jq(".a").test(Evaluating.json("{\"a\":false}"), Variables.NONE))
                .isFalse();
        assertThat(Evaluating.EXPRESSIONS.jq(".a").test(Evaluating.json("{\"a\":0}"), Variables.NONE))
                .isTrue();
    }

    @Test
    void calls_extra_functions() throws Exception {
        var expressions = new JqExpressions(List.of(new Extra(
                "shout",
                1,
                (in, args, variables) ->
                        Evaluating.json("\"" + in.textValue() + args.get(0).textValue() + "\""))));

        assertThat(expressions.jq("shout('!', '?')").all(Evaluating.json("\"hi\""), Variables.NONE))
                .extracting(node -> node.textValue())
                .containsExactly("hi!", "hi?");
    }

    @Test
    void compiles_a_text_once() throws Exception {
        assertThat(Evaluating.EXPRESSIONS.jq(".x.y")).isSameAs(Evaluating.EXPRESSIONS.jq(".x.y"));
    }

    @Test
    void quick_paths_mean_what_the_interpreter_means() throws Exception {
        for (String input : List.of("null", "{\"a\":{\"b\":1}}", "{\"a\":null}", "{}")) {
            for (String path : List.of(".a", ".a.b", ".")) {
                assertThat(Evaluating.all(path, input)).isEqualTo(Evaluating.all("(" + path + "), empty", input));
            }
        }
        for (String input : List.of("1", "[1]", "\"s\"", "{\"a\":1}", "true")) {
            Failure quick = catchThrowableOfType(Failure.class, () -> Evaluating.all(".a.b", input));
            Failure slow = catchThrowableOfType(Failure.class, () -> Evaluating.all(".a.b, empty", input));
            assertThat(quick.message().replaceFirst("`.*?`", ""))
                    .isEqualTo(slow.message().replaceFirst("`.*?`", ""));
        }
    }
}
