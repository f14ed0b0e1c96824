package io.millrace.connect.tcp;

import io.millrace.spi.Failure;
import io.millrace.spi.Failure.Kind;
import io.netty.channel.ConnectTimeoutException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.time.Duration;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** What goes wrong with a connection, in plain words. */
final class Failures {
    private Failures() {}

    /** No connection came about. */
    static Failure connecting(Throwable thrown, Address to, Duration connectTimeout) {
        if (thrown instanceof Failure failure) {
            return failure;
        }
        if (thrown instanceof UnknownHostException) {
            return unreachable("unknown host " + to.host() + " (" + to + "): its name has no address", thrown);
        }
        if (thrown instanceof ConnectTimeoutException
                || thrown.getClass().getSimpleName().contains("Timeout")) {
            return Failure.of(Kind.TIMEOUT, "no connection to " + to + " within " + inWords(connectTimeout), thrown);
        }
        if (thrown instanceof SSLException || thrown.getCause() instanceof SSLException) {
            return tls(thrown, to);
        }
        if (thrown instanceof NoRouteToHostException) {
            return unreachable("there is no route to " + to, thrown);
        }
        if (thrown instanceof ConnectException) {
            return unreachable(to + " refused the connection: nobody listens there", thrown);
        }
        return unreachable(reason(thrown) + " while connecting to " + to, thrown);
    }

    /** Trying again does not mend a certificate. */
    private static Failure tls(Throwable thrown, Address to) {
        Throwable root = thrown;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return Failure.build(
                        Kind.UNREACHABLE, "TLS with " + to + " failed: " + handshake(String.valueOf(root.getMessage())))
                .retryable(false)
                .cause(thrown)
                .done();
    }

    private static String handshake(String reason) {
        if (reason.startsWith("not an SSL/TLS record")) {
            return "what it sends is not TLS. Remove \"tls\" if it has none";
        }
        return reason.contains("unable to find valid certification path")
                ? "its certificate is not signed by an authority that is trusted. Name the authority in \"tls\": {\"ca\": …}"
                : reason;
    }

    /** The connection went away. Whether what was asked has been done, nobody knows. */
    static Failure lost(Address of, @Nullable Throwable error, int requests, long unfinished, boolean reply) {
        String how = error == null ? "closed the connection" : "broke the connection (" + reason(error) + ")";
        if (!reply) {
            return unreachable(of + " " + how + " before all was written", error);
        }
        return unreachable(
                of + " " + how
                        + (unfinished > 0
                                ? " after " + unfinished + " bytes of a reply that had not ended"
                                : " before it replied")
                        + (requests > 1 ? "; " + requests + " requests were under way on it" : ""),
                error);
    }

    static String reason(Throwable thrown) {
        return thrown.getMessage() == null ? thrown.getClass().getSimpleName() : thrown.getMessage();
    }

    static Failure unreachable(String message, @Nullable Throwable cause) {
        return Failure.of(Kind.UNREACHABLE, message, cause);
    }

    static String inWords(Duration time) {
        return time.toMillis() % 1000 == 0 ? time.toSeconds() + "s" : time.toMillis() + "ms";
    }
}
