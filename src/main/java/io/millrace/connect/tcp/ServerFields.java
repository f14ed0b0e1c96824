package io.millrace.connect.tcp;

import io.millrace.spi.Assembly;
import io.millrace.spi.Check;
import io.millrace.spi.Field;
import io.millrace.spi.Settings;
import io.millrace.spi.Spec;
import io.millrace.spi.Types;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.PemTrustOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** What a flow may say of a server for raw connections. */
final class ServerFields {
    static final Field<Integer> PORT = Field.of(
                    "port",
                    Types.integer(0, StepFields.MOST_PORTS),
                    "Port to listen on; 0: a free one, which is logged.")
            .example(7000);
    static final Field<Integer> RESOURCE_PORT = Field.of(
                    "port", Types.integer(0, StepFields.MOST_PORTS), "Port to listen on; 0: a free one.")
            .byDefault(0);
    static final Field<String> HOST =
            Field.of("host", Types.string(), "Address to listen on.").byDefault("127.0.0.1");
    private static final Field<String> CA = Field.of(
                    "ca",
                    Types.string(),
                    "PEM file of authorities: clients must then have a certificate of one of them.")
            .example("clients.pem");
    private static final Spec TLS_OBJECT = Spec.object("tls", "certificate and key")
            .fields(Tls.CERT, Tls.KEY, CA)
            .rule(ServerFields::certificateRule)
            .done();
    static final Field<Settings> TLS = Field.of(
            "tls",
            Types.object(TLS_OBJECT),
            "TLS, with the certificate and its key, and ca to ask clients for theirs.");
    static final Field<Integer> MAX_CONNECTIONS = Field.of(
                    "maxConnections",
                    Types.integer(1, 1_000_000),
                    "Most connections at once; others are closed as they come.")
            .byDefault(1000);

    static final Field<String> SERVER = Field.of(
            "server", Types.resource("tcp-server"), "The tcp-server resource to listen with, in place of port.");
    static final Field<Duration> IDLE = Field.of(
                    "idle",
                    Types.duration(),
                    "How long a connection may be silent, with nothing under way on it, before it is closed.")
            .byDefault("5m");
    static final Field<Errors> ERRORS = Field.of(
                    "errors",
                    Types.enumOf("way to tell a failure", Errors.class),
                    "What a client gets for an item that fails or is not answered in time: reply, a frame {kind, message};"
                            + " close, the end of the connection; ignore, nothing.")
            .byDefault("reply");
    static final Field<Duration> REPLY_TIMEOUT = Field.of(
                    "replyTimeout",
                    Types.duration(),
                    "How long a frame may keep the replies to later ones of its connection waiting; then it is a TIMEOUT.")
            .byDefault("30s");
    static final Field<Long> COUNT = Field.of(
            "count",
            Types.longInteger(1, Long.MAX_VALUE),
            "Ends the source after so many frames; without it the server runs until it is stopped.");

    /** What a client gets for an item that failed. */
    enum Errors {
        REPLY,
        CLOSE,
        IGNORE
    }

    private ServerFields() {}

    private static void certificateRule(Settings settings, Check check) {
        if (!settings.has(Tls.CERT) && !settings.has(Tls.KEY)) {
            check.error(settings.at(), "a server needs a certificate.", "Give \"cert\" and \"key\", PEM files.");
        }
        Tls.pairRule(settings, check);
    }

    /** A source listens by itself, or with a resource. */
    static void whereRule(Settings settings, Check check) {
        if (settings.has(PORT) == settings.has(SERVER)) {
            check.error(
                    settings.at(),
                    settings.has(PORT)
                            ? "\"port\" and \"server\" both say where to listen."
                            : "nothing says where to listen.",
                    "Give one of \"port\" and \"server\", a tcp-server resource.");
        }
        for (Field<?> field : new Field<?>[] {HOST, TLS, MAX_CONNECTIONS}) {
            if (settings.has(field) && settings.has(SERVER)) {
                check.error(
                        settings.at().child(field.name()),
                        "\"" + field + "\" belongs to the server.",
                        "Move it into the tcp-server resource.");
            }
        }
    }

    static NetServerOptions options(Settings settings, Assembly assembly) {
        NetServerOptions options = new NetServerOptions()
                .setHost(settings.get(HOST))
                .setPort(settings.find(PORT).orElseGet(() -> settings.get(RESOURCE_PORT)));
        settings.find(TLS).ifPresent(tls -> {
            Path cert = assembly.path(tls.get(Tls.CERT));
            options.setSsl(true).setKeyCertOptions(Tls.own(cert, assembly.path(tls.get(Tls.KEY))));
            Optional<String> ca = tls.find(CA);
            ca.ifPresent(file -> options.setClientAuth(ClientAuth.REQUIRED)
                    .setTrustOptions(new PemTrustOptions()
                            .addCertPath(assembly.path(file).toString())));
        });
        return options;
    }
}
