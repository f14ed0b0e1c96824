package io.millrace.connect.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.spi.Component;
import io.millrace.testkit.Await;
import io.millrace.testkit.TestAssembly;
import io.vertx.core.Vertx;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is told when a flow is checked. */
class TcpCheckTest {
    private final Vertx vertx = Vertx.vertx();
    private final TestAssembly assembly = new TestAssembly(vertx);

    @AfterEach
    void close() {
        Await.get(vertx.close());
    }

    private List<String> problems(Component component, String settings) {
        return assembly.problems(component.spec(), settings);
    }

    private void step(String settings, String... expected) {
        assertThat(problems(new TcpStepType(), "{host: 'h', port: 1, " + settings + "}"))
                .containsExactly(expected);
    }

    @Test
    void a_stream_is_cut_in_one_way() {
        step("send: 'x'");
        step(
                "send: 'x', delimiter: ';', length: 4",
                "/length: \"delimiter\" and \"length\" both say where a frame ends. Keep one of \"delimiter\", \"length\","
                        + " \"prefix\" and \"close\".");
        step(
                "send: 'x', delimiter: ''",
                "/delimiter: an empty delimiter ends nothing. Write the characters that end a frame.");
        step("send: 'x', prefix: 3", "/prefix: a length of 3 bytes is not offered. Write 1, 2, 4 or 8.");
        step(
                "send: 'x', close: false",
                "/close: \"close\": false chooses no way to end a frame. Leave it out, or write true.");
        step(
                "send: 'x', length: 2000000, maxFrame: '1MB'",
                "/length: frames of 2000000 bytes are longer than \"maxFrame\". Raise \"maxFrame\".");
    }

    @Test
    void something_is_sent_and_only_once() {
        step("read: 'json'", ": there is nothing to send. Give \"send\", or \"base64\".");
        step("send: 'x', base64: 'eA=='", "/base64: \"send\" and \"base64\" exclude each other. Remove one of them.");
    }

    @Test
    void what_concerns_a_reply_needs_one() {
        step(
                "send: 'x', reply: false, close: true",
                "/close: \"close\" means nothing where no reply is waited for. Remove it, or \"reply\": false.");
        step(
                "send: 'x', close: true, pipeline: 4",
                "/pipeline: a connection that ends with its reply carries one request. Remove \"pipeline\".");
        assertThat(problems(new UdpStepType(), "{host: 'h', port: 1, send: 'x', reply: false, read: 'json'}"))
                .containsExactly(
                        "/read: \"read\" means nothing where no reply is waited for. Remove it, or \"reply\": false.");
    }

    @Test
    void a_port_is_one_and_a_charset_is_known() {
        assertThat(problems(new TcpStepType(), "{host: 'h', port: 70000, send: 'x'}"))
                .singleElement()
                .asString()
                .startsWith("/port: ");
        assertThat(problems(new TcpSinkType(), "{host: 'h', port: 0}"))
                .singleElement()
                .asString()
                .startsWith("/port: ");
        step(
                "send: 'x', charset: 'utf-9'",
                "/charset: \"utf-9\" is no character set. Write a character set such as utf-8, iso-8859-1 or utf-16.");
    }

    @Test
    void a_certificate_has_a_key() {
        step(
                "send: 'x', tls: {cert: 'a.pem'}",
                "/tls/cert: a certificate and its key come together. Give both \"cert\" and \"key\".");
        step(
                "send: 'x', tls: {ca: 'a.pem', trustAll: true}",
                "/tls/ca: \"trustAll\" and \"ca\" exclude each other. Remove one of them.");
        assertThat(problems(new TcpServerType(), "{tls: {}}"))
                .containsExactly("/tls: a server needs a certificate. Give \"cert\" and \"key\", PEM files.");
    }

    @Test
    void a_source_listens_by_itself_or_with_a_server() {
        assertThat(problems(new TcpServerSourceType(), "7000")).isEmpty();
        assertThat(problems(new TcpServerSourceType(), "{}"))
                .containsExactly(
                        ": nothing says where to listen. Give one of \"port\" and \"server\", a tcp-server resource.");
        assertThat(problems(new TcpServerSourceType(), "{port: 0, server: 's'}"))
                .containsExactly(
                        ": \"port\" and \"server\" both say where to listen. Give one of \"port\" and \"server\","
                                + " a tcp-server resource.");
        assertThat(problems(new TcpServerSourceType(), "{server: 's', host: '0.0.0.0'}"))
                .containsExactly("/host: \"host\" belongs to the server. Move it into the tcp-server resource.");
    }
}
