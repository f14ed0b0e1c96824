package io.millrace.connect.sql;

import io.vertx.core.Vertx;
import io.vertx.core.net.TrustOptions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.function.Function;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** The certificate authorities that the JVM trusts: pg-client asks for some when {@code sslmode} verifies. */
final class SystemTrust implements TrustOptions {
    @Override
    public TrustOptions copy() {
        return new SystemTrust();
    }

    @Override
    public TrustManagerFactory getTrustManagerFactory(@Nullable Vertx vertx) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init((KeyStore) null);
        return factory;
    }

    @Override
    public Function<String, TrustManager[]> trustManagerMapper(Vertx vertx) throws GeneralSecurityException {
        TrustManager[] managers = getTrustManagerFactory(vertx).getTrustManagers();
        return name -> managers;
    }
}
