package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LookCommandsTest {
    @TempDir
    Path folder;

    private Bench bench;

    @BeforeEach
    void set_up() {
        bench = new Bench(folder);
    }

    @Test
    void components_are_listed_by_kind_with_what_they_do() {
        int code = bench.run("components");

        assertThat(code).isZero();
        assertThat(bench.out())
                .isEqualTo("Steps\n  sleep  Wait.\n\nSources\n\nSinks\n  sleep  Take a nap with it.\n\nResources\n");
    }

    @Test
    void a_name_that_several_kinds_have_shows_all_their_pages() {
        int code = bench.run("components", "sleep");

        assertThat(code).isZero();
        assertThat(bench.out()).isEqualTo("page of the STEP sleep\n\npage of the SINK sleep\n");
    }

    @Test
    void an_unknown_component_is_told_with_the_one_that_was_meant() {
        int code = bench.run("components", "slep");

        assertThat(code).isEqualTo(2);
        assertThat(bench.err()).isEqualTo("error: there is no component \"slep\". Did you mean \"sleep\"?\n");
    }

    @Test
    void schema_prints_json_alone() {
        int code = bench.run("schema");

        assertThat(code).isZero();
        assertThat(bench.out()).isEqualTo("{\n  \"type\" : \"object\"\n}\n");
        assertThat(bench.err()).isEmpty();
    }

    @Test
    void init_writes_a_starter_flow() {
        int code = bench.run("init", "fetch");

        assertThat(code).isZero();
        assertThat(folder.resolve("fetch.json")).content().contains("\"$schema\"", "\"http\"");
        assertThat(bench.err()).isEqualTo("wrote fetch.json. Run it: millrace run fetch.json\n");
    }

    @Test
    void init_never_overwrites_unless_forced() throws IOException {
        Path mine = bench.file("hello.json", "mine");

        int refused = bench.run("init");
        String kept = Files.readString(mine);
        int forced = bench.run("init", "--force");

        assertThat(refused).isEqualTo(2);
        assertThat(kept).isEqualTo("mine");
        assertThat(bench.err())
                .contains("error: hello.json exists. Name another file with -o, or overwrite it with --force.");
        assertThat(forced).isZero();
        assertThat(mine).content().contains("\"source\"");
    }

    @Test
    void init_lists_its_templates_and_suggests_the_one_that_was_meant() {
        bench.run("init", "--list");
        int code = bench.run("init", "scarpe");

        assertThat(bench.out()).contains("hello ", "fetch ", "scrape ", "api-to-postgres ");
        assertThat(code).isEqualTo(2);
        assertThat(bench.err()).isEqualTo("error: there is no template \"scarpe\". Did you mean \"scrape\"?\n");
    }
}
