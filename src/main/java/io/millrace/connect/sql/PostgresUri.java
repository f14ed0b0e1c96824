package io.millrace.connect.sql;

import io.vertx.core.net.ClientSSLOptions;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.SslMode;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads an address as libpq writes it: {@code postgresql://user:password@host:port/database?sslmode=require}. pg-client's own parser is
 * passed over: its errors repeat the password, it takes unknown parameters without a word, and its grammar refuses
 * characters that passwords have.
 */
public final class PostgresUri {
    private static final Set<String> SESSION = Set.of("application_name", "search_path", "options");

    private PostgresUri() {}

    /** A folder with a socket in the place of the host, its slashes encoded, as libpq has it. */
    private static final Pattern SOCKET = Pattern.compile("(postgres(?:ql)?://(?:[^@/?]*@)?)(%2[Ff][^:/?]*)(.*)");

    /** Throws IllegalArgumentException, whose message never holds the password. */
    public static PgConnectOptions parse(String text) {
        Matcher socket = SOCKET.matcher(text.trim());
        return socket.matches()
                ? read(socket.group(1) + "localhost" + socket.group(3)).setHost(decode(socket.group(2)))
                : read(text);
    }

    private static PgConnectOptions read(String text) {
        URI uri = uri(text);
        PgConnectOptions options = new PgConnectOptions()
                .setHost("localhost")
                .setPort(uri.getPort() < 0 ? 5432 : uri.getPort())
                .setUser(System.getProperty("user.name", "postgres"))
                .setPassword("");
        userAndPassword(uri, options);
        if (uri.getHost() != null) {
            options.setHost(uri.getHost().replaceAll("^\\[|]$", ""));
        }
        String path = uri.getRawPath() == null ? "" : uri.getRawPath();
        options.setDatabase(path.length() > 1 ? decode(path.substring(1)) : options.getUser());
        parameters(uri, options);
        return options;
    }

    private static URI uri(String text) {
        try {
            URI uri = new URI(text.trim().replaceFirst("@/", "@localhost/").replaceFirst(":///", "://localhost/"));
            boolean scheme = "postgres".equals(uri.getScheme()) || "postgresql".equals(uri.getScheme());
            if (!scheme) {
                throw new IllegalArgumentException("The address does not start with postgresql://.");
            }
            if (uri.getHost() == null) {
                throw new IllegalArgumentException(
                        "The address has no host that can be read: special characters in user or password need %-encoding.");
            }
            return uri;
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("The address is not a URI (" + e.getReason() + " at character "
                    + (e.getIndex() + 1) + "): special characters in user or password need %-encoding.");
        }
    }

    private static void userAndPassword(URI uri, PgConnectOptions options) {
        String info = uri.getRawUserInfo();
        if (info == null) {
            return;
        }
        int colon = info.indexOf(':');
        options.setUser(decode(colon < 0 ? info : info.substring(0, colon)));
        options.setPassword(colon < 0 ? "" : decode(info.substring(colon + 1)));
    }

    private static void parameters(URI uri, PgConnectOptions options) {
        String query = uri.getRawQuery();
        if (query == null) {
            return;
        }
        for (String pair : query.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                parameter(pair.substring(0, equals), decode(pair.substring(equals + 1)), options);
            }
        }
    }

    private static void parameter(String name, String value, PgConnectOptions options) {
        switch (name) {
            case "host" -> options.setHost(value);
            case "port" -> options.setPort(port(value));
            case "user" -> options.setUser(value);
            case "password" -> options.setPassword(value);
            case "dbname" -> options.setDatabase(value);
            case "sslmode" -> ssl(value, options);
            case "connect_timeout", "channel_binding", "gssencmode", "target_session_attrs" -> {
                // Written by many hosts: ours are always right for these, or the resource has a setting.
            }
            default -> session(name, value, options);
        }
    }

    private static void session(String name, String value, PgConnectOptions options) {
        if (!SESSION.contains(name)) {
            throw new IllegalArgumentException("The address has the parameter \"" + name + "\", which is not known.");
        }
        options.addProperty(name, value);
    }

    private static void ssl(String value, PgConnectOptions options) {
        @Nullable
        SslMode mode = Arrays.stream(SslMode.values())
                .filter(known -> word(known).equals(value))
                .findFirst()
                .orElse(null);
        if (mode == null) {
            String known =
                    Arrays.stream(SslMode.values()).map(PostgresUri::word).collect(Collectors.joining(", "));
            throw new IllegalArgumentException("sslmode \"" + value + "\" is none of " + known + ".");
        }
        boolean verified = mode == SslMode.VERIFY_CA || mode == SslMode.VERIFY_FULL;
        ClientSSLOptions ssl = new ClientSSLOptions().setTrustAll(!verified);
        if (verified) {
            ssl.setTrustOptions(new SystemTrust());
            ssl.setHostnameVerificationAlgorithm(mode == SslMode.VERIFY_FULL ? "HTTPS" : "");
        }
        options.setSslMode(mode).setSslOptions(ssl);
    }

    private static String word(SslMode mode) {
        return mode.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static int port(String value) {
        try {
            return Integer.parseInt(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("The port \"" + value + "\" is not a number.");
        }
    }

    private static String decode(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
