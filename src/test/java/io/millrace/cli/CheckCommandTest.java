package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.catalog.Catalog;
import io.millrace.expr.JqExpressions;
import io.millrace.flow.FlowReader;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckCommandTest {
    private static final String ERROR = "{ \"severity\": \"ERROR\", \"line\": %d }";
    private static final String WARNING = "{ \"severity\": \"WARNING\", \"line\": %d }";

    @TempDir
    Path folder;

    private Bench bench;

    @BeforeEach
    void set_up() {
        bench = new Bench(folder);
    }

    @Test
    void a_valid_flow_is_ok_with_the_number_of_its_stages() {
        bench.file("good.json", "{ \"stages\": { \"a\": {}, \"b\": {} } }");
        bench.file("short.json", "{ \"source\": \"stdin\" }");

        int code = bench.run("check", "good.json", "short.json");

        assertThat(code).isZero();
        assertThat(bench.out()).isEqualTo("good.json: ok (2 stages)\nshort.json: ok (1 stage)\n");
        assertThat(bench.err()).isEmpty();
    }

    @Test
    void problems_come_in_the_order_of_the_file_and_are_counted() {
        bench.file("bad.json", problems(ERROR.formatted(9), WARNING.formatted(4), ERROR.formatted(2)));

        int code = bench.run("check", "bad.json");

        assertThat(code).isEqualTo(2);
        assertThat(bench.err().lines())
                .containsExactly(
                        "bad.json:2:3: /stages: Wrong. Mend it.",
                        "bad.json:4:3: warning: /stages: Wrong. Mend it.",
                        "bad.json:9:3: /stages: Wrong. Mend it.",
                        "2 errors, 1 warning in bad.json");
        assertThat(bench.out()).isEmpty();
    }

    @Test
    void a_warning_alone_leaves_the_flow_valid() {
        bench.file("odd.json", problems(WARNING.formatted(4)));

        int code = bench.run("check", "odd.json");

        assertThat(code).isZero();
        assertThat(bench.err()).contains("1 warning in odd.json");
        assertThat(bench.out()).isEqualTo("odd.json: ok (1 stage)\n");
    }

    @Test
    void one_bad_flow_among_good_ones_decides_and_the_others_are_checked_too() {
        bench.file("bad.json", problems(ERROR.formatted(2)));
        bench.file("good.json", "{}");

        int code = bench.run("check", "missing.json", "bad.json", "good.json");

        assertThat(code).isEqualTo(2);
        assertThat(bench.err()).contains("cannot read flow missing.json", "1 error in bad.json");
        assertThat(bench.out()).contains("good.json: ok");
    }

    @Test
    void colours_are_used_where_asked_for_and_nowhere_else() {
        bench.file("bad.json", problems(ERROR.formatted(2)));

        bench.run("check", "--color", "always", "bad.json");
        String coloured = bench.err();
        bench.err.reset();
        bench.terminal = true;
        bench.environment.put("NO_COLOR", "1");
        bench.run("check", "bad.json");

        assertThat(coloured).contains("\u001b[");
        assertThat(bench.err()).doesNotContain("\u001b[").contains("bad.json:2:3:");
    }

    private static String problems(String... each) {
        return "{ \"problems\": [" + String.join(",", each) + "] }";
    }

    @Test
    void says_of_a_durable_flow_what_is_exactly_once() {
        bench.loader = request -> new FlowReader(Catalog.load(), new JqExpressions()).read(request);
        bench.file(
                "durable.json",
                "{ \"durable\": true, \"source\": { \"range\": 3 }, \"sink\": { \"jsonl\": \"out.jsonl\" } }");

        int code = bench.run("check", "durable.json");

        assertThat(code).isZero();
        assertThat(bench.out().lines().toList())
                .containsExactly(
                        "durable.json: ok (1 stage)",
                        "  durable: each record of \"range\" counts exactly once: a resumed run goes on with those that are not done",
                        "  durable: \"jsonl\" writes exactly once: after a crash its files are cut back to what is committed");
    }
}
