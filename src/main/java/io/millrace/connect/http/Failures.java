package io.millrace.connect.http;

import io.millrace.spi.Failure;
import io.millrace.spi.Failure.Kind;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.StreamResetException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.Locale;
import javax.net.ssl.SSLException;

/** What goes wrong on the way to a server and back, in plain words. */
final class Failures {
    private Failures() {}

    /** No connection came about. */
    static Failure connecting(Throwable thrown, Target to, ClientOptions client) {
        if (thrown instanceof Failure failure) {
            return failure;
        }
        String where = client.proxyAddress()
                .map(proxy -> "the proxy " + proxy + " (for " + to.address() + ")")
                .orElseGet(to::address);
        if (thrown instanceof UnknownHostException) {
            String host = client.proxyAddress().orElse(to.host());
            return unreachable("unknown host " + host + " (" + where + "): its name has no address", thrown);
        }
        if (thrown instanceof ConnectTimeoutException || isTimeout(thrown)) {
            return Failure.of(
                    Kind.TIMEOUT, "no connection to " + where + " within " + inWords(client.connectTimeout()), thrown);
        }
        if (thrown instanceof SSLException || thrown.getCause() instanceof SSLException) {
            return tls(thrown, to.address());
        }
        if (thrown instanceof NoRouteToHostException) {
            return unreachable("there is no route to " + where, thrown);
        }
        if (thrown instanceof ConnectException) {
            return unreachable(where + " refused the connection: nobody listens there", thrown);
        }
        return broken(thrown, to, "while connecting to " + where);
    }

    private static boolean isTimeout(Throwable thrown) {
        return thrown.getClass().getSimpleName().contains("Timeout");
    }

    private static Failure tls(Throwable thrown, String where) {
        Throwable root = thrown;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String reason = String.valueOf(root.getMessage());
        return Failure.build(Kind.UNREACHABLE, "TLS with " + where + " failed: " + handshake(reason))
                .retryable(false)
                .cause(thrown)
                .done();
    }

    private static String handshake(String reason) {
        if (reason.startsWith("not an SSL/TLS record")) {
            return "what it sends is not TLS. Write http:// if the server has none there";
        }
        return reason.contains("unable to find valid certification path")
                ? "its certificate is not signed by an authority that this Java trusts. Name a file of trusted ones in the client's \"ca\""
                : reason;
    }

    /** The connection was there, and no answer began. */
    static Failure answering(Throwable thrown, Target to) {
        return thrown instanceof Failure failure ? failure : broken(thrown, to, "before " + to.address() + " answered");
    }

    /** The body stopped. */
    static Failure inBody(Throwable thrown, Target to, long received, long expected) {
        if (thrown instanceof Failure failure) {
            return failure;
        }
        return broken(thrown, to, "after " + received + (expected < 0 ? "" : " of " + expected) + " bytes");
    }

    private static Failure broken(Throwable thrown, Target to, String when) {
        if (closed(thrown)) {
            return unreachable("connection closed " + when + at(when, to), thrown);
        }
        if (thrown instanceof DecoderException || thrown instanceof IllegalArgumentException) {
            return Failure.of(Kind.BAD_DATA, to.address() + " does not speak HTTP: " + thrown.getMessage(), thrown);
        }
        String reason = thrown.getMessage() == null ? thrown.getClass().getSimpleName() : thrown.getMessage();
        return unreachable(reason + " " + when + at(when, to), thrown);
    }

    private static String at(String when, Target to) {
        return when.contains(to.address()) ? "" : " from " + to.address();
    }

    static boolean closed(Throwable thrown) {
        return thrown instanceof HttpClosedException
                || thrown instanceof ClosedChannelException
                || thrown instanceof StreamResetException
                || thrown instanceof PrematureChannelClosureException
                || (thrown instanceof IOException && mentionsReset(thrown));
    }

    private static boolean mentionsReset(Throwable thrown) {
        String message = String.valueOf(thrown.getMessage()).toLowerCase(Locale.ROOT);
        return message.contains("reset") || message.contains("broken pipe") || message.contains("closed");
    }

    static Failure unreachable(String message, Throwable cause) {
        return Failure.of(Kind.UNREACHABLE, message, cause);
    }

    static Failure timeout(String message) {
        return Failure.of(Kind.TIMEOUT, message);
    }

    static String inWords(Duration time) {
        return time.toMillis() % 1000 == 0 ? time.toSeconds() + "s" : time.toMillis() + "ms";
    }
}
