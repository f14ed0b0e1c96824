package io.millrace.expr;

/** Functions that are said best in jq itself. */
final class Prelude {
    static final String TEXT = """
            def select(f): if f then . else empty end;
            def map(f): [.[] | f];
            def recurse: recurse(.[]?);
            def values: select(. != null);
            def nulls: select(. == null);
            def scalars: select(type | . != "array" and . != "object");
            def iterables: select(type | . == "array" or . == "object");
            def isempty(f): first((f | false), true);
            def isvalid(f): try (f | true) catch false;
            def add(f): reduce f as $x (null; . + $x);
            def nth($n; f): if $n < 0 then error("Out of bounds negative array index") else last(limit($n + 1; f)) end;
            def any(f; c): isempty(first(f | c | select(.))) | not;
            def any(c): any(.[]; c);
            def any: any(.);
            def all(f; c): isempty(first(f | c | select(. | not)));
            def all(c): all(.[]; c);
            def all: all(.);
            def in(xs): . as $x | xs | has($x);
            def inside(xs): . as $x | xs | contains($x);
            def IN(s): any(s == .; .);
            def IN(src; s): any(src == s; .);
            def INDEX(stream; f): reduce stream as $row ({}; .[$row | f | tostring] |= $row);
            def INDEX(f): INDEX(.[]; f);
            def _modify(paths; update): reduce path(paths) as $p ({v: ., d: []};
                . as $s | [first($s.v | getpath($p) | update)] as $new
                | if $new == [] then {v: $s.v, d: ($s.d + [$p])} else {v: ($s.v | setpath($p; $new[0])), d: $s.d} end)
              | . as $r | $r.v | delpaths($r.d);
            def map_values(f): .[] |= f;
            def with_entries(f): to_entries | map(f) | from_entries;
            def walk(f): def w: if type == "object" then map_values(w) elif type == "array" then map(w) else . end | f; w;
            def paths: path(..) | select(length > 0);
            def paths(f): . as $dot | paths | select(. as $p | $dot | getpath($p) | f);
            def leaf_paths: paths(scalars);
            def finites: select(isinfinite or isnan | not);
            def normals: select(isnormal);
            def tostream: path(def r: (.[]? | r), .; r) as $p | getpath($p) | reduce path(.[]?) as $q ([$p, .]; [$p + $q]);
            def fromstream(f): {x: null, e: false} as $init
              | foreach f as $i ($init;
                  if .e then $init else . end
                  | if $i | length == 2
                    then setpath(["e"]; $i[0] | length == 0) | setpath(["x"] + $i[0]; $i[1])
                    else setpath(["e"]; $i[0] | length == 1) end;
                  if .e then .x else empty end);
            def truncate_stream(s): . as $n | null | s | . as $input
              | if (.[0] | length) > $n then setpath([0]; .[0][$n:]) else empty end;
            def ascii: [.] | implode;
            def todate: todateiso8601;
            def fromdate: fromdateiso8601;
            def date: todate;
            def trimstr($x): ltrimstr($x) | rtrimstr($x);
            def halt_error: error(.);
            def halt_error($code): error(.);
            def combinations: if length == 0 then [] else .[0][] as $x | (.[1:] | combinations) as $w | [$x] + $w end;
            def combinations(n): . as $dot | [range(n)] | map($dot) | combinations;
            .
            """;

    private Prelude() {}
}
