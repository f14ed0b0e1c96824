package io.millrace.connect.jar;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.flow.CheckedFlow;
import io.millrace.testkit.Millrace;
import io.millrace.testkit.PluginJars;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is told of a class before anything runs. */
class JavaStepCheckTest {
    private static final String FUNCTION =
            "implements Function<Object, Object> { public Object apply(Object given) { return 1; } ";

    @TempDir
    private Path directory;

    private Path plugins;
    private Millrace millrace;

    @BeforeEach
    void open() {
        plugins = directory.resolve("plugins");
        millrace = new Millrace(directory, () -> Future.failedFuture("no database"));
    }

    @AfterEach
    void close() {
        millrace.close();
    }

    private void jar(String jar, Map<String, String> bodies) {
        PluginJars.jar(plugins.resolve(jar), bodies);
    }

    /** The only problem with the step, without the folder's long name. */
    private String problem(String step) {
        CheckedFlow flow =
                millrace.check(("{'source': {'values': [1]}, 'steps': [\n{'java': " + step + "}]}").replace('\'', '"'));
        assertThat(flow.problems()).hasSize(1);
        return flow.problems().get(0).toString().replace(plugins.toString(), "PLUGINS");
    }

    @Test
    void tells_of_a_folder_that_is_not_there_and_of_an_empty_one() throws IOException {
        assertThat(problem("'test.A'"))
                .isEqualTo(
                        "flow.json:2:10: /steps/0/java: There is no plugins folder PLUGINS. Put the jar into it, or name another"
                                + " folder with --plugins.");

        Files.createDirectories(plugins);

        assertThat(problem("'test.A'")).contains("There is no jar in PLUGINS. Put the jar there");
    }

    @Test
    void finds_the_class_that_was_meant() {
        jar("words.jar", Map.of("WordCount", FUNCTION + "}"));

        assertThat(problem("{'class': 'test.WordCont'}"))
                .isEqualTo(
                        "flow.json:2:20: /steps/0/java/class: No jar in PLUGINS has the class \"test.WordCont\". Did you mean"
                                + " \"test.WordCount\" of words.jar?");
        assertThat(problem("'WordCount'")).endsWith("Did you mean \"test.WordCount\" of words.jar?");
        assertThat(problem("'quite.another.Name'")).endsWith("There is test.WordCount.");
    }

    @Test
    void asks_for_the_jar_where_several_have_the_class() {
        jar("a.jar", Map.of("A", FUNCTION + "}"));
        jar("b.jar", Map.of("A", FUNCTION + "}"));

        assertThat(problem("'test.A'"))
                .endsWith("Several jars have the class \"test.A\": a.jar, b.jar. Name one with \"jar\".");
        assertThat(problem("{'class': 'test.A', 'jar': 'c.jar'}"))
                .contains("/steps/0/java/jar: There is no jar \"c.jar\" in PLUGINS. Did you mean \"a.jar\"?");
        assertThat(problem("{'class': 'test.B', 'jar': 'a.jar'}"))
                .contains("\"a.jar\" has no class \"test.B\". Did you mean \"test.A\" of a.jar?");
    }

    @Test
    void tells_what_a_class_lacks_to_be_a_step() {
        jar(
                "test.jar",
                Map.of(
                        "NoFunction", "{}",
                        "Hidden", FUNCTION + "private Hidden() {} }",
                        "NeedsMuch", FUNCTION + "public NeedsMuch(int a, String b) {} }",
                        "Abstract", "!abstract class Abstract " + FUNCTION + "}",
                        "Plain", FUNCTION + "}"));

        assertThat(problem("'test.NoFunction'"))
                .endsWith(
                        "\"test.NoFunction\" is no java.util.function.Function. Let it implement Function<Map<String, Object>,"
                                + " Object>.");
        assertThat(problem("'test.Hidden'"))
                .endsWith("\"test.Hidden\" has no public constructor that takes nothing or one Map. Add one.");
        assertThat(problem("'test.NeedsMuch'")).contains("has no public constructor");
        assertThat(problem("'test.Abstract'"))
                .endsWith("is no public class of which objects can be made. Make it public, not abstract.");
        assertThat(problem("{'class': 'test.Plain', 'config': {'a': 1}}"))
                .contains("/steps/0/java/config: \"test.Plain\" takes no config");
        assertThat(problem("{'class': 'test.Plain', 'config': 3}")).contains("config is no object.");
        assertThat(problem("{'class': 'not a class'}")).contains("is no name of a class");
    }

    @Test
    void tells_of_damaged_jars_and_classes() throws IOException {
        Files.createDirectories(plugins);
        Files.writeString(plugins.resolve("bad.jar"), "this is no jar");

        assertThat(problem("'test.A'")).contains("bad.jar cannot be read: ").endsWith("Build it again, or remove it.");
    }

    @Test
    void tells_which_class_a_jar_lacks() throws IOException {
        PluginJars.jarWithSpi(
                plugins.resolve("test.jar"),
                Map.of("Uses", "extends com.fasterxml.jackson.databind.ObjectMapper " + FUNCTION + "}"));

        assertThat(problem("'test.Uses'"))
                .endsWith(
                        "\"test.Uses\" needs the class com.fasterxml.jackson.databind.ObjectMapper, which is neither in test.jar"
                                + " nor in Java. Put it into the jar, or name its jar in Class-Path of the manifest.");
    }

    @Test
    void runs_nothing_of_the_class_when_it_checks() {
        jar("test.jar", Map.of("Loud", FUNCTION + "static { System.setProperty(\"loud\", \"yes\"); } }"));
        System.clearProperty("loud");

        CheckedFlow flow = millrace.check("{\"source\": {\"values\": [1]}, \"steps\": [{\"java\": \"test.Loud\"}]}");

        assertThat(flow.problems()).isEmpty();
        assertThat(System.getProperty("loud")).isNull();
    }
}
