package io.millrace.connect.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.Millrace;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said of a flow that serves before its first request. */
class ListenCheckTest {
    @TempDir
    Path directory;

    private Millrace millrace;

    @BeforeEach
    void open() {
        millrace = new Millrace(directory);
    }

    @AfterEach
    void close() {
        millrace.close();
    }

    private String problems(String flow) {
        return millrace.check(flow.replace('\'', '"')).problems().toString();
    }

    @Test
    void a_reply_to_nobody_is_pointed_out() {
        assertThat(problems("{'source': {'range': 1}, 'steps': [{'do': [{'reply': 'hi'}]}]}"))
                .contains("/steps/0/do/0/reply: Nobody waits for this answer: no source of the flow is a server.");
        assertThat(problems("{'source': {'http-server': '/'}, 'steps': [{'do': [{'reply': 'hi'}]}]}"))
                .isEqualTo("[]");
    }

    @Test
    void a_path_that_cannot_be_listened_on_says_how_to_write_it() {
        assertThat(problems("{'source': {'http-server': {'path': '/orders/{id}'}}}"))
                .contains(
                        "/source/http-server/path: \"/orders/{id}\" is not a path to listen on. Write :id for a part that varies.");
        assertThat(problems("{'source': {'http-server': 'orders'}}"))
                .contains("Write one such as /orders/:id or /files/*");
        assertThat(problems("{'source': {'http-server': '/a?b=c'}}")).contains("the query is not part of it");
        assertThat(problems("{'source': {'http-server': '/a/:'}}")).contains("is not a path");
    }

    @Test
    void a_method_that_there_is_not_is_an_error() {
        assertThat(problems("{'source': {'http-server': {'path': '/', 'methods': ['GET', 'FETCH']}}}"))
                .contains("FETCH");
    }

    @Test
    void a_status_out_of_range_is_an_error() {
        assertThat(problems("{'source': {'http-server': '/'}, 'steps': [{'reply': {'status': 99}}]}"))
                .contains("99");
    }

    @Test
    void of_several_servers_one_must_be_named() {
        assertThat(
                        problems(
                                "{'resources': {'a': {'http-server': {}}, 'b': {'http-server': {}}}, 'source': {'http-server': '/'}, 'steps': [{'map': '${$resources}'}]}"))
                .contains("several http-server resources");
    }

    @Test
    void two_stages_cannot_take_the_same_requests() {
        Millrace.Outcome outcome = millrace.run("""
                {'stages': {
                  'one': {'source': {'http-server': {'path': '/orders/:id', 'methods': ['GET', 'POST']}}, 'sink': 'discard'},
                  'two': {'source': {'http-server': {'path': '/orders/:key', 'methods': 'POST'}}, 'sink': 'discard'}}}
                """);

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.result().reason())
                .isEqualTo(
                        "source of stage \"two\": POST /orders/:key is taken by the stage \"one\" already (/orders/:id)."
                                + " Choose another \"path\", other \"methods\", or another \"server\".");
    }

    @Test
    void a_flow_that_declares_no_server_has_one_on_a_free_port() {
        Millrace.Started run = millrace.start("""
                {"stages": {
                  "main": {"source": {"http-server": "/"}, "sink": "discard"},
                  "stop": {"source": {"range": 1}, "steps": [{"raise": "enough", "onError": "stop"}], "sink": "discard"}}}
                """);

        assertThat(run.await().result().reason()).contains("enough");
    }
}
