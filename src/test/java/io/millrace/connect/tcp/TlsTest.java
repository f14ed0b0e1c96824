package io.millrace.connect.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.spi.Failure;
import io.millrace.spi.Failure.Kind;
import io.millrace.spi.Step;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.SelfSignedCertificate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Requests over TLS. */
class TlsTest {
    private final Peers peers = new Peers();
    private static final SelfSignedCertificate CERTIFICATE = SelfSignedCertificate.create("peer.example.org");

    @AfterEach
    void close() {
        peers.close();
    }

    @AfterAll
    static void delete() {
        CERTIFICATE.delete();
    }

    private int serve() {
        return peers.serve(
                new NetServerOptions().setSsl(true).setKeyCertOptions(CERTIFICATE.keyCertOptions()),
                socket -> socket.handler(socket::write));
    }

    private Step step(int port, String tls) {
        return peers.step(port, "send: 'secret', tls: " + tls);
    }

    private String ca() {
        return "ca: '" + CERTIFICATE.certificatePath() + "'";
    }

    @Test
    void trusts_the_authority_that_is_named_for_the_name_that_is_named() {
        Step step = step(serve(), "{" + ca() + ", serverName: 'peer.example.org'}");

        assertThat(peers.run(step, "{}").textValue()).isEqualTo("secret");
    }

    @Test
    void refuses_a_certificate_for_another_name() {
        Failure host = peers.failure(step(serve(), "{" + ca() + "}"), "{}");
        Failure name = peers.failure(step(serve(), "{" + ca() + ", serverName: 'other.example.org'}"), "{}");

        assertThat(host.kind()).isEqualTo(Kind.UNREACHABLE);
        assertThat(host.retryable()).isFalse();
        assertThat(host.message()).contains("TLS with 127.0.0.1");
        assertThat(name.kind()).isEqualTo(Kind.UNREACHABLE);
        assertThat(name.message()).contains("other.example.org");
    }

    @Test
    void refuses_an_authority_that_nobody_has_named_unless_all_are_trusted() {
        int port = serve();

        Failure failure = peers.failure(step(port, "true"), "{}");

        assertThat(failure.message()).contains("not signed by an authority that is trusted");
        assertThat(peers.run(step(port, "{trustAll: true}"), "{}").textValue()).isEqualTo("secret");
    }

    @Test
    void tells_a_peer_that_speaks_no_tls() {
        Failure failure =
                peers.failure(step(peers.answering(io.vertx.core.buffer.Buffer.buffer("plain\n")), "true"), "{}");

        assertThat(failure.kind()).isEqualTo(Kind.UNREACHABLE);
        assertThat(failure.message()).contains("is not TLS");
    }
}
