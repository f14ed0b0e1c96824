package io.millrace.expr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.spi.Failure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The functions that are added to jackson-jq, and that none of jq's is missing. */
class FunctionsTest {
    /** Every builtin of jq 1.7, name/arity, from its manual. */
    private static final String MANUAL = """
            abs/0 acos/0 acosh/0 add/0 all/0 all/1 all/2 any/0 any/1 any/2 arrays/0 ascii/0 ascii_downcase/0 ascii_upcase/0 asin/0
            asinh/0 atan/0 atan2/2 atanh/0 booleans/0 bsearch/1 builtins/0 capture/1 capture/2 cbrt/0 ceil/0 combinations/0
            combinations/1 contains/1 copysign/2 cos/0 cosh/0 date/0 dateadd/2 datesub/2 debug/0 debug/1 del/1 delpaths/1 drem/2
            empty/0 endswith/1 error/0 error/1 exp/0 exp10/0 exp2/0 explode/0 expm1/0 fabs/0 finites/0 first/0 first/1 flatten/0
            flatten/1 floor/0 fma/3 fmax/2 fmin/2 fmod/2 frexp/0 from_entries/0 fromdate/0 fromdateiso8601/0 fromjson/0
            fromstream/1 gamma/0 get_search_list/0 getpath/1 gmtime/0 group_by/1 gsub/2 gsub/3 halt/0 halt_error/0 halt_error/1
            has/1 have_decnum/0 have_literal_numbers/0 implode/0 in/1 index/1 indices/1 infinite/0 input/0 input_filename/0
            input_line_number/0 inputs/0 inside/1 IN/1 IN/2 INDEX/1 INDEX/2 isempty/1 isinfinite/0 isnan/0 isnormal/0 isvalid/1
            iterables/0 j0/0 j1/0 join/1 keys/0 keys_unsorted/0 last/0 last/1 ldexp/2 leaf_paths/0 length/0 lgamma/0 lgamma_r/0
            limit/2 localtime/0 log/0 log10/0 log1p/0 log2/0 logb/0 ltrim/0 ltrimstr/1 map/1 map_values/1 match/1 match/2 max/0
            max_by/1 min/0 min_by/1 mktime/0 modf/0 modulemeta/0 nan/0 nearbyint/0 nextafter/2 nexttoward/2 normals/0 not/0 now/0
            nth/1 nth/2 nulls/0 numbers/0 objects/0 path/1 paths/0 paths/1 pick/1 pow/2 range/1 range/2 range/3 recurse/0
            recurse/1 recurse/2 repeat/1 reverse/0 rindex/1 rint/0 round/0 rtrim/0 rtrimstr/1 scalars/0 scalb/2 scalbln/2 scan/1
            scan/2 select/1 setpath/2 significand/0 sin/0 sinh/0 skip/2 sort/0 sort_by/1 split/1 split/2 splits/1 splits/2 sqrt/0
            startswith/1 stderr/0 strflocaltime/1 strftime/1 strings/0 strptime/1 sub/2 sub/3 tan/0 tanh/0 test/1 test/2 tgamma/0
            to_entries/0 toarray/0 todate/0 todateiso8601/0 tojson/0 tonumber/0 tostream/0 tostring/0 transpose/0 trim/0 trunc/0
            truncate_stream/1 type/0 unique/0 unique_by/1 until/2 utf8bytelength/0 values/0 walk/1 while/2 with_entries/1 y0/0 y1/0
            @base32/0 @base32d/0 @base64/0 @base64d/0 @csv/0 @html/0 @json/0 @sh/0 @text/0 @tsv/0 @uri/0
            """;

    /** Deliberately absent, and why; those of {@link Library#UNAVAILABLE} say so themselves when called. */
    private static final Map<String, String> ABSENT = Map.of(
            "gamma/0", "special functions have no use in a flow",
            "lgamma/0", "special functions have no use in a flow",
            "lgamma_r/0", "special functions have no use in a flow",
            "tgamma/0", "special functions have no use in a flow",
            "j0/0", "Bessel functions have no use in a flow",
            "j1/0", "Bessel functions have no use in a flow",
            "y0/0", "Bessel functions have no use in a flow",
            "y1/0", "Bessel functions have no use in a flow");

    @Test
    void has_every_builtin_of_jq() {
        Library library = new Library(List.of());
        Set<String> missing = new TreeSet<>();

        for (String key : MANUAL.strip().split("\\s+")) {
            String name = key.substring(0, key.indexOf('/'));
            boolean excused = ABSENT.containsKey(key) || Library.UNAVAILABLE.containsKey(name);
            if (library.function(key) == null && !excused) {
                missing.add(key);
            }
        }

        assertThat(missing).isEmpty();
    }

    @ParameterizedTest(name = "{1} | {0}")
    @CsvSource(delimiter = '¦', quoteCharacter = '\u0001', textBlock = """
                    # numbers
                    map(abs)                        ¦ [-1,2,-1.5,-12345678901234567890] ¦ [[1,2,1.5,12345678901234567890]]
                    map(floor, ceil, round, trunc)  ¦ [1.5,-1.5]                 ¦ [[1,2,2,1,-2,-1,-2,-1]]
                    floor                           ¦ 12345678901234567890.7     ¦ [12345678901234567890]
                    significand, logb               ¦ 8                          ¦ [1,3]
                    frexp, modf                     ¦ 2.5                        ¦ [[0.625,2],[0.5,2]]
                    fmin(1;2), fma(2;3;4), ldexp(1;3) ¦ null                     ¦ [1,10,8]
                    infinite | tostring             ¦ null                       ¦ ["1.7976931348623157e+308"]
                    nan < 1                         ¦ null                       ¦ [true]
                    [range(0;10;4)], [range(3;0;-2)] ¦ null                      ¦ [[0,4,8],[3,1]]
                    [range(0;1;0)]                  ¦ null                       ¦ [[]]
                    have_literal_numbers, have_decnum ¦ null                     ¦ [true,false]
                    # texts
                    trim, ltrim, rtrim              ¦ " a "                      ¦ ["a","a "," a"]
                    ascii_downcase, ascii_upcase    ¦ "aBé"                      ¦ ["abé","ABé"]
                    ltrimstr("a"), rtrimstr("c"), trimstr("a") ¦ "abc"           ¦ ["bc","ab","bc"]
                    [splits(", *")]                 ¦ "a, b,c"                   ¦ [["a","b","c"]]
                    split(", *"; null)              ¦ "a, b"                     ¦ [["a","b"]]
                    test("A"; "i"), [scan("[a-z]")] ¦ "ab"                       ¦ [true,["a","b"]]
                    capture("(?<y>\\\\d+)-(?<m>\\\\d+)") ¦ "2026-11"             ¦ [{"y":"2026","m":"11"}]
                    sub("a"; "b"), gsub("a"; "b")   ¦ "aa"                       ¦ ["ba","bb"]
                    @base32, (@base32 | @base32d)   ¦ "hello"                    ¦ ["NBSWY3DP","hello"]
                    @base64, (@base64 | @base64d)   ¦ "hé"                       ¦ ["aMOp","hé"]
                    @csv                            ¦ [1,"a\\"b",null]           ¦ ["1,\\"a\\"\\"b\\","]
                    @sh                             ¦ "it's"                     ¦ ["'it'\\\\''s'"]
                    @html                           ¦ "<&>"                      ¦ ["&lt;&amp;&gt;"]
                    explode | implode               ¦ "aé😀"                     ¦ ["aé😀"]
                    ascii                           ¦ 65                         ¦ ["A"]
                    tojson, (tojson | fromjson)     ¦ {"a":[1.0,"x"]}            ¦ ["{\\"a\\":[1,\\"x\\"]}",{"a":[1,"x"]}]
                    [.[] | tostring]                ¦ ["a",1,null,[1]]           ¦ [["a","1","null","[1]"]]
                    # lists
                    toarray, (.[0] | toarray)       ¦ [1]                        ¦ [[1],[1]]
                    sort, sort_by(-.), min, max     ¦ [2,3,1]                    ¦ [[1,2,3],[3,2,1],1,3]
                    sort                            ¦ [{"a":1},[1],"a",1,true,false,null] ¦ [[null,false,true,1,"a",[1],{"a":1}]]
                    group_by(.a) | map(length)      ¦ [{"a":1},{"a":2},{"a":1}]  ¦ [[2,1]]
                    unique_by(.a)                   ¦ [{"a":1,"b":1},{"a":1,"b":2}] ¦ [[{"a":1,"b":1}]]
                    min_by(.a), max_by(.a)          ¦ [{"a":1},{"a":2}]          ¦ [{"a":1},{"a":2}]
                    min, max, min_by(.a), max_by(.a) ¦ []                        ¦ [null,null,null,null]
                    IN(1, 2), IN([1][]; 1)          ¦ 2                          ¦ [true,true]
                    INDEX(.id)                      ¦ [{"id":1}]                 ¦ [{"1":{"id":1}}]
                    any, all, any(. > 1), all(. > 1) ¦ [1,2]                     ¦ [true,true,true,false]
                    add, add(.[] * 2)               ¦ [1,2]                      ¦ [3,6]
                    [limit(2; .[])], [skip(1; .[])], [limit(0; error)] ¦ [1,2,3] ¦ [[1,2],[2,3],[]]
                    isempty(empty), isempty(.[]), isempty(1, error) ¦ [1]        ¦ [true,false,false]
                    bsearch(2), bsearch(9)          ¦ [1,2,3]                    ¦ [1,-4]
                    [tostream]                      ¦ {"a":[1]}                  ¦ [[[["a",0],1],[["a",0]],[["a"]]]]
                    fromstream(tostream)            ¦ {"a":[1,{"b":2}]}          ¦ [{"a":[1,{"b":2}]}]
                    [1 | truncate_stream([[0],1],[[1,0],2],[[1,0]],[[1]])] ¦ null ¦ [[[[0],2],[[0]]]]
                    walk(if type == "number" then . + 1 else . end) ¦ {"a":[1]}  ¦ [{"a":[2]}]
                    [.[] | values]                  ¦ [false,null,1]             ¦ [[false,1]]
                    combinations                    ¦ [[1,2],[3]]                ¦ [[1,3],[2,3]]
                    from_entries                    ¦ [{"key":"a","value":false},{"name":"b","value":1}] ¦ [{"a":false,"b":1}]
                    getpath(["a","b"])              ¦ null                       ¦ [null]
                    paths(type == "number")         ¦ {"a":[1]}                  ¦ [["a",0]]
                    [while(. < 8; . * 2)]           ¦ 1                          ¦ [[1,2,4]]
                    [recurse(if . < 3 then . + 1 else empty end)] ¦ 1            ¦ [[1,2,3]]
                    [recurse(. * .; . < 20)]        ¦ 2                          ¦ [[2,4,16]]
                    limit(1; .[]) |= . + 1          ¦ [1,2]                      ¦ [[2,2]]
                    isvalid(error), (try halt_error catch .) ¦ "x"               ¦ [false,"x"]
                    # dates
                    todate, (todate | fromdate)     ¦ 1425599507                 ¦ ["2015-03-05T23:51:47Z",1425599507]
                    fromdate                        ¦ "2015-03-05T23:51:47.5Z"   ¦ [1425599507.5]
                    fromdate                        ¦ "2015-03-06T00:51:47+01:00" ¦ [1425599507]
                    fromdate                        ¦ "2015-03-05"               ¦ [1425513600]
                    gmtime, (gmtime | mktime)       ¦ 1425599507                 ¦ [[2015,2,5,23,51,47,4,63],1425599507]
                    strptime("%Y-%m-%dT%H:%M:%SZ")  ¦ "2015-03-05T23:51:47Z"     ¦ [[2015,2,5,23,51,47,4,63]]
                    strptime("%d/%b/%Y:%H:%M:%S %z") | mktime ¦ "05/Mar/2015:23:51:47 +0100" ¦ [1425595907]
                    strptime("%Y%m%d") | mktime     ¦ "20150305"                 ¦ [1425513600]
                    strptime("%d.%m.%Y") | todate   ¦ "5.3.2015"                 ¦ ["2015-03-05T00:00:00Z"]
                    strptime("%I:%M %p")            ¦ "1:30 PM"                  ¦ [[1900,0,1,13,30,0,1,0]]
                    strftime("%A, %d %B %Y %j %e %T %Z %z %s %%") ¦ 1425599507   ¦ ["Thursday, 05 March 2015 064  5 23:51:47 Z +0000 1425599507 %"]
                    dateadd("days"; 1), datesub("hour"; 1) ¦ "2015-03-05T23:51:47Z" ¦ ["2015-03-06T23:51:47Z","2015-03-05T22:51:47Z"]
                    dateadd("month"; 1)             ¦ "2026-01-31"               ¦ ["2026-02-28"]
                    dateadd("seconds"; 10)          ¦ 1425599507                 ¦ [1425599517]
                    # the web
                    sha256                          ¦ "abc"                      ¦ ["ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"]
                    uuid | length                   ¦ null                       ¦ [36]
                    now_iso | fromdate | . > 1e9    ¦ null                       ¦ [true]
                    domain                          ¦ "HTTPS://User@WWW.Example.com:8443/a" ¦ ["www.example.com"]
                    domain                          ¦ "/just/a/path"             ¦ [null]
                    urlparts                        ¦ "https://u:p@h.com:81/a/b?x=1&x=2&y=a%20b&z#top" ¦ [{"scheme":"https","user":"u:p","host":"h.com","port":81,"path":"/a/b","query":{"x":["1","2"],"y":"a b","z":""},"fragment":"top"}]
                    url_join("http://a/b/c/d;p?q")  ¦ "../g"                     ¦ ["http://a/b/g"]
                    url_join("http://a/b/c/d;p?q")  ¦ "g?y#s"                    ¦ ["http://a/b/c/g?y#s"]
                    url_join("http://a/b/c/d;p?q")  ¦ "?y"                       ¦ ["http://a/b/c/d;p?y"]
                    url_join("http://a/b/c/d;p?q")  ¦ ""                         ¦ ["http://a/b/c/d;p?q"]
                    url_join("http://a/b/c/d;p?q")  ¦ "//g"                      ¦ ["http://g/"]
                    url_join("http://a/b/c/d;p?q")  ¦ "../../../g"               ¦ ["http://a/g"]
                    url_join("http://a/b/c/d;p?q")  ¦ "./"                       ¦ ["http://a/b/c/"]
                    url_join("http://a/b/c/d;p?q")  ¦ ".."                       ¦ ["http://a/b/"]
                    url_join("http://a/b/c/d;p?q")  ¦ "g/./h/../i"               ¦ ["http://a/b/c/g/i"]
                    url_join("http://a")            ¦ "x"                        ¦ ["http://a/x"]
                    url_join("http://a/")           ¦ " a b/ü?q=[1]|2&p=50% "    ¦ ["http://a/a%20b/%C3%BC?q=[1]%7C2&p=50%25"]
                    url_join("http://a/")           ¦ "mailto:x@y.z"             ¦ ["mailto:x@y.z"]
                    url_join("http://a/")           ¦ "http://bücher.example/%41" ¦ ["http://xn--bcher-kva.example/%41"]
                    rel('next')                     ¦ {"url":"http://a/p?x=1","headers":{"link":"<http://a/1>; rel=\\"prev\\", </p?x=2>; rel=\\"next\\""}} ¦ ["http://a/p?x=2"]
                    rel('next')                     ¦ {"headers":{}}             ¦ [null]
                    """)
    void gives(String jq, String input, String expected) throws Exception {
        assertThat(Evaluating.all(jq, input)).isEqualTo(expected);
    }

    @ParameterizedTest(name = "{1} | {0}")
    @CsvSource(delimiter = '¦', quoteCharacter = '\u0001', textBlock = """
                    fromdate           ¦ "soon"    ¦ "soon" is not an ISO 8601 date
                    strptime("%Y")     ¦ "x"       ¦ date "x" does not match format "%Y"
                    strftime("%Q")     ¦ 0         ¦ the date format has `%Q`, which is not known
                    dateadd("eons"; 1) ¦ 0         ¦ "eons" is no unit of time
                    trim               ¦ 1         ¦ `trim` takes a string, not number (1)
                    sort               ¦ {"a":1}   ¦ `sort` takes an array, not object ({"a":1})
                    abs                ¦ "x"       ¦ `abs` takes a number, not string ("x")
                    url_join("x")      ¦ "y"       ¦ `url_join` takes a base with a scheme
                    fromjson           ¦ "{"       ¦ { is not JSON
                    @base32d           ¦ "!"       ¦ "!" is not base32
                    range("a")         ¦ null      ¦ Range bounds must be numeric
                    """)
    void tells_what_it_cannot_take(String jq, String input, String message) {
        Failure failure = catchThrowableOfType(Failure.class, () -> Evaluating.all(jq, input));

        assertThat(failure.message()).contains(message);
    }

    @Test
    void reads_a_small_file_without_its_last_line_break(@TempDir Path folder) throws Exception {
        Path secret = Files.writeString(folder.resolve("secret"), "s3cret\nline\n");
        Path big = Files.write(folder.resolve("big"), new byte[WebFunctions.MAX_FILE + 1]);

        assertThat(Evaluating.all("file('" + secret + "')", "null")).isEqualTo("[\"s3cret\\nline\"]");
        assertThat(catchThrowableOfType(Failure.class, () -> Evaluating.all("file('" + big + "')", "null"))
                        .message())
                .contains("is larger than 64 KB");
    }
}
