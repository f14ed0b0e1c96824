package io.millrace.connect.exec;

import static net.javacrumbs.jsonunit.assertj.JsonAssertions.assertThatJson;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.millrace.spi.Failure;
import io.millrace.testkit.Await;
import io.millrace.testkit.TestAssembly;
import io.millrace.testkit.TestFrame;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExecStepTest {
    private static final int MEGABYTE = 1 << 20;

    private final Vertx vertx = Vertx.vertx();
    private final ExecStepType type = new ExecStepType();

    @TempDir
    private Path directory;

    @AfterEach
    void close() {
        Await.get(vertx.close());
    }

    @Test
    void returns_the_exit_code_and_both_outputs() {
        JsonNode value = run("{command: ['sh', '-c', 'echo out; echo err >&2']}", "{}");

        assertThatJson(value).isEqualTo("{exit: 0, stdout: 'out\\n', stderr: 'err\\n'}");
    }

    @Test
    void takes_arguments_as_they_are_without_a_shell() {
        JsonNode value = run("{command: ['printf', '%s|', '${.text}', 1, '${.n}']}", "{text: '$(id) *', n: 2}");

        assertThat(value.get("stdout").textValue()).isEqualTo("$(id) *|1|2|");
    }

    @Test
    void takes_a_whole_command_from_the_document() {
        assertThat(run("'${.argv}'", "{argv: ['echo', 'hi']}").get("stdout").textValue())
                .isEqualTo("hi\n");
        assertThat(failure("'${.argv}'", "{argv: 'echo hi'}").message()).contains("no list");
        assertThat(failure("['echo', '${.no}']", "{}").message())
                .contains("argument 1 of the command is no text: null");
    }

    @Test
    void refuses_a_shell_line_and_an_empty_command_when_the_flow_is_checked() {
        assertThat(problems("'wc -l file'")).singleElement().asString().contains("shell", "[\"sh\", \"-c\"");
        assertThat(problems("[]")).singleElement().asString().contains("names no program");
        assertThat(problems("['ls', {}]")).singleElement().asString().startsWith("/command/1:");
        assertThat(problems("{command: {}}")).singleElement().asString().contains("is not a command");
        assertThat(problems("{command: ['ls'], expect: 256}")).hasSize(1);
    }

    @Test
    void gives_standard_input_a_string_as_it_is_and_other_values_as_json() {
        assertThat(run("{command: ['cat'], stdin: '${.a}'}", "{a: 'ä\\n'}")
                        .get("stdout")
                        .textValue())
                .isEqualTo("ä\n");
        assertThat(run("{command: ['cat'], stdin: {b: '${.a}'}}", "{a: [1.5]}")
                        .get("stdout")
                        .textValue())
                .isEqualTo("{\"b\":[1.5]}");
        assertThat(run("['cat']", "{}").get("stdout").textValue()).isEmpty();
    }

    @Test
    void moves_a_megabyte_in_and_out_at_once() {
        String large = "x".repeat(MEGABYTE);
        TestFrame frame =
                new TestFrame(vertx, JsonNodeFactory.instance.objectNode().put("large", large));

        JsonNode value = run("{command: ['sh', '-c', 'tee /dev/stderr'], stdin: '${.large}'}", frame);

        assertThat(value.get("stdout").textValue()).isEqualTo(large);
        assertThat(value.get("stderr").textValue()).isEqualTo(large);
    }

    @Test
    void minds_no_program_that_leaves_its_input_unread() {
        TestFrame frame =
                new TestFrame(vertx, JsonNodeFactory.instance.objectNode().put("large", "x".repeat(MEGABYTE)));

        assertThat(run("{command: ['true'], stdin: '${.large}'}", frame)
                        .get("exit")
                        .intValue())
                .isZero();
    }

    @Test
    void reads_standard_output_in_every_form() {
        assertThatJson(run("{command: ['echo', '{\"a\":1.50}'], read: 'json'}", "{}")
                        .get("stdout"))
                .isEqualTo("{a: 1.50}");
        assertThatJson(run("{command: ['printf', '1\\n\\n{}\\n'], read: 'jsonl'}", "{}")
                        .get("stdout"))
                .isEqualTo("[1, {}]");
        assertThat(run("{command: ['printf', 'abc'], read: 'bytes'}", "{}")
                        .get("stdout")
                        .textValue())
                .isEqualTo("YWJj");
        assertThat(run("{command: ['echo', 'abc'], read: 'none', maxOutput: 1}", "{}")
                        .get("stdout")
                        .isNull())
                .isTrue();
    }

    @Test
    void fails_with_bad_data_where_json_was_promised() {
        Failure failure = failure("{command: ['echo', '{]'], read: 'json'}", "{}");

        assertThat(failure.kind()).isEqualTo(Failure.Kind.BAD_DATA);
        assertThat(failure.toJson().get("body").textValue()).isEqualTo("{]\n");
        assertThat(failure("{command: ['true'], read: 'json'}", "{}").message()).contains("it printed nothing");
        assertThat(failure("{command: ['echo', '1 2'], read: 'json'}", "{}").message())
                .contains("something follows");
    }

    @Test
    void fails_with_the_exit_code_and_the_end_of_standard_error() {
        Failure failure = failure("['sh', '-c', 'echo first >&2; echo no such thing >&2; exit 7']", "{}");

        assertThat(failure.kind()).isEqualTo(Failure.Kind.REJECTED);
        assertThat(failure.code()).isEqualTo("7");
        assertThat(failure.retryable()).isFalse();
        assertThat(failure.message()).isEqualTo("\"sh\" ended with exit code 7: no such thing");
        assertThat(failure.toJson().get("body").textValue()).isEqualTo("first\nno such thing");
    }

    @Test
    void says_which_signal_ended_a_program() {
        Failure failure = failure("['sh', '-c', 'kill -9 $$']", "{}");

        assertThat(failure.message()).isEqualTo("\"sh\" ended with exit code 137 (signal 9)");
    }

    @Test
    void takes_the_exit_codes_it_is_told_to_expect() {
        String exitThree = "{command: ['sh', '-c', 'exit 3'], expect: %s}";

        assertThat(run(String.format(exitThree, "[0, 3]"), "{}").get("exit").intValue())
                .isEqualTo(3);
        assertThat(run(String.format(exitThree, "'any'"), "{}").get("exit").intValue())
                .isEqualTo(3);
        assertThat(failure(String.format(exitThree, "[0, 1]"), "{}").code()).isEqualTo("3");
    }

    @Test
    void says_why_a_program_cannot_be_started() throws IOException {
        Path plain = Files.writeString(directory.resolve("plain"), "text");

        assertThat(failure("['no-such-thing']", "{}"))
                .hasMessage("cannot start \"no-such-thing\": no such program on PATH")
                .returns(Failure.Kind.REJECTED, Failure::kind)
                .returns(false, Failure::retryable);
        assertThat(failure("['./none']", "{}")).hasMessage("cannot start \"./none\": no such file");
        assertThat(failure("['./plain']", "{}")).hasMessage("cannot start \"./plain\": it may not be executed");
        assertThat(failure("{command: ['ls'], cwd: 'none'}", "{}")).hasMessageContaining("none does not exist");
        assertThat(failure("{command: ['ls'], env: {PATH: '/'}}", "{}"))
                .hasMessageContaining("no such program on PATH");
        assertThat(plain).hasContent("text");
    }

    @Test
    void adds_to_the_environment_and_starts_in_the_folder() throws IOException {
        Path folder = Files.createDirectory(directory.resolve("sub")).toRealPath();

        JsonNode value = run(
                "{command: ['sh', '-c', 'echo $A $B $HOME; pwd'], env: {A: '${.a}', B: 2, HOME: null},"
                        + " cwd: '${.dir}'}",
                "{a: 'x', dir: 'sub'}");

        assertThat(value.get("stdout").textValue()).isEqualTo("x 2\n" + folder + "\n");
    }

    private List<String> problems(String settings) {
        String fields = settings.startsWith("{") ? settings : "{command: " + settings + "}";
        return new TestAssembly(vertx).problems(type.spec(), fields);
    }

    private JsonNode run(String settings, String document) {
        return run(settings, new TestFrame(vertx, document));
    }

    private JsonNode run(String settings, TestFrame frame) {
        String fields = settings.startsWith("{") ? settings : "{command: " + settings + "}";
        TestAssembly assembly = new TestAssembly(vertx).in(directory);
        return Await.onLoop(vertx, () -> assembly.step(type, fields).run(frame));
    }

    private Failure failure(String settings, String document) {
        try {
            throw new AssertionError("succeeded with " + run(settings, document));
        } catch (Failure failure) {
            return failure;
        }
    }
}
