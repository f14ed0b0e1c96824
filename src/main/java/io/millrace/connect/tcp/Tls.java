package io.millrace.connect.tcp;

import io.millrace.spi.Assembly;
import io.millrace.spi.Check;
import io.millrace.spi.Field;
import io.millrace.spi.Settings;
import io.millrace.spi.Spec;
import io.millrace.spi.Types;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.ConnectOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.SocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * TLS of connections that the flow makes.
 *
 * @param ca file of the certificates that are trusted, in place of those that Java trusts
 * @param serverName the name that the certificate must bear, and that is asked for, if not the host's
 */
record Tls(boolean trustAll, Optional<Path> ca, Optional<String> serverName, Optional<Path> cert, Optional<Path> key) {
    private static final Field<Boolean> TRUST_ALL = Field.of(
                    "trustAll", Types.bool(), "Whether any certificate is taken: then anybody may stand between.")
            .byDefault(false);
    private static final Field<String> CA = Field.of(
                    "ca", Types.string(), "PEM file of the authorities to trust, in place of those that Java trusts.")
            .example("ca.pem");
    private static final Field<String> SERVER_NAME = Field.of(
                    "serverName", Types.string(), "The name that the certificate must bear.")
            .defaultDoc("the host");
    static final Field<String> CERT =
            Field.of("cert", Types.string(), "PEM file of the own certificate.").example("server.pem");
    static final Field<String> KEY =
            Field.of("key", Types.string(), "PEM file of its private key.").example("server.key");
    private static final Spec OBJECT = Spec.object("tls", "trust, name and own certificate")
            .fields(TRUST_ALL, CA, SERVER_NAME, CERT, KEY)
            .rule(Tls::pairRule)
            .exclusive(TRUST_ALL, CA)
            .done();

    /** As written: true, false or an object. */
    record Wish(boolean on, Optional<Settings> more) {
        Optional<Tls> read(Assembly assembly) {
            return on ? Optional.of(more.map(m -> of(m, assembly)).orElse(PLAIN)) : Optional.empty();
        }
    }

    private static final Tls PLAIN =
            new Tls(false, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    static final Field<Wish> FIELD = Field.of(
                    "tls",
                    Types.<Wish>either(Types.bool().map(on -> new Wish(on, Optional.empty())))
                            .or(Types.object(OBJECT).map(more -> new Wish(true, Optional.of(more)))),
                    "TLS: true, or an object with ca, serverName, cert and key, or trustAll.")
            .byDefault(false);

    private static Tls of(Settings settings, Assembly assembly) {
        return new Tls(
                settings.get(TRUST_ALL),
                settings.find(CA).map(assembly::path),
                settings.find(SERVER_NAME),
                settings.find(CERT).map(assembly::path),
                settings.find(KEY).map(assembly::path));
    }

    static void pairRule(Settings settings, Check check) {
        if (settings.has(CERT) != settings.has(KEY)) {
            Field<String> there = settings.has(CERT) ? CERT : KEY;
            check.error(
                    settings.at().child(there.name()),
                    "a certificate and its key come together.",
                    "Give both \"cert\" and \"key\".");
        }
    }

    /** What all connections of a client have in common. Files are read when the first one is made. */
    ClientSSLOptions options(Duration handshake) {
        ClientSSLOptions ssl = new ClientSSLOptions()
                .setHostnameVerificationAlgorithm(trustAll ? "" : "HTTPS")
                .setTrustAll(trustAll)
                .setSslHandshakeTimeout(handshake.toMillis())
                .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS);
        ca.ifPresent(file -> ssl.setTrustOptions(new PemTrustOptions().addCertPath(file.toString())));
        if (cert.isPresent() && key.isPresent()) {
            ssl.setKeyCertOptions(own(cert.get(), key.get()));
        }
        return ssl;
    }

    /** Adds TLS to a connection to the address. */
    void add(ConnectOptions to, Address address, ClientSSLOptions options) {
        String name = serverName.orElse(address.host());
        to.setSsl(true)
                .setSslOptions(options)
                .setRemoteAddress(SocketAddress.inetSocketAddress(address.port(), address.host()))
                .setHost(name);
        if (isName(name)) {
            to.setSniServerName(name);
        }
    }

    static PemKeyCertOptions own(Path cert, Path key) {
        return new PemKeyCertOptions().setCertPath(cert.toString()).setKeyPath(key.toString());
    }

    /** Addresses are not asked for by name. */
    private static boolean isName(String host) {
        return host.indexOf('.') > 0 && host.indexOf(':') < 0 && !Character.isDigit(host.charAt(host.length() - 1));
    }
}
