package io.millrace.connect.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.spi.Check;
import io.millrace.spi.Cursor;
import io.millrace.spi.Failure;
import io.millrace.spi.Field;
import io.millrace.spi.Rate;
import io.millrace.spi.Settings;
import io.millrace.spi.Spec;
import io.millrace.spi.Types;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a flow may say of an HTTP client. */
final class ClientFields {
    private ClientFields() {}

    private static final RetryBudget.Terms DEFAULT_BUDGET = new RetryBudget.Terms(0.2, 10);

    static final Field<Integer> HOST_CONNECTIONS = Field.of(
                    "connections", Types.integer(1, 10_000), "Requests at once to one host and port.")
            .byDefault(64);
    static final Field<Rate> HOST_RATE = Field.of("rate", Types.rate(), "Starts of requests to one host, such as 5/s.")
            .example("5/s");
    static final Field<Duration> HOST_DELAY = Field.of(
                    "delay", Types.duration(), "Least time between two starts to one host.")
            .example("500ms");
    private static final Spec HOST_OBJECT = Spec.object("perHost", "limits for each host")
            .fields(HOST_CONNECTIONS, HOST_RATE, HOST_DELAY)
            .done();

    /** @param interval nanoseconds between two starts, 0 for none */
    record PerHost(int connections, long interval) {
        static PerHost of(int connections) {
            return new PerHost(connections, 0);
        }

        static PerHost of(Settings settings) {
            long rate = settings.find(HOST_RATE).map(Rate::intervalNanos).orElse(0L);
            long delay = settings.find(HOST_DELAY).map(Duration::toNanos).orElse(0L);
            return new PerHost(settings.get(HOST_CONNECTIONS), Math.max(rate, delay));
        }
    }

    static final Field<PerHost> PER_HOST = Field.of(
                    "perHost",
                    Types.<PerHost>either(Types.integer(1, 10_000).map(PerHost::of))
                            .or(Types.object(HOST_OBJECT).map(PerHost::of)),
                    "Requests at once to one host and port, or an object with connections, rate and delay.")
            .byDefault(64);
    static final Field<Integer> CONNECTIONS = Field.of(
                    "connections", Types.integer(1, 100_000), "Requests at once over all hosts.")
            .byDefault(1000);
    static final Field<Rate> RATE = Field.of(
                    "rate", Types.rate(), "Starts of requests over all hosts; repeated requests and redirects count.")
            .example("50/s");
    static final Field<Double> RETRY_RATIO = Field.of(
                    "ratio", Types.number(0, 10), "Repeated requests to a host, as a share of all requests to it.")
            .byDefault(0.2);
    static final Field<Rate> RETRY_MIN = Field.of(
                    "min", Types.rate(), "So many besides, of which ten seconds' worth may come at once.")
            .byDefault("10/s");
    private static final Spec RETRY_OBJECT = Spec.object("retryBudget", "how many repeated requests a host is sent")
            .fields(RETRY_RATIO, RETRY_MIN)
            .done();

    /** The budget that the settings give to each host; false: none. */
    private static Optional<RetryBudget.Terms> terms(Settings settings) {
        double perSecond = 1e9 / settings.get(RETRY_MIN).intervalNanos();
        return Optional.of(new RetryBudget.Terms(settings.get(RETRY_RATIO), perSecond));
    }

    static final Field<Optional<RetryBudget.Terms>> RETRY_BUDGET = Field.of(
                    "retryBudget",
                    Types.<Optional<RetryBudget.Terms>>either(
                                    Types.object(RETRY_OBJECT).map(ClientFields::terms))
                            .or(Types.bool().map(on -> on ? Optional.of(DEFAULT_BUDGET) : Optional.empty())),
                    "How many repeated requests a host is sent, so that a dead one is not hammered: what `retry` asks for beyond"
                            + " that waits for its turn. false: as many as asked for.")
            .byDefault(true);
    static final Field<Duration> CONNECT_TIMEOUT = Field.of(
                    "connectTimeout", Types.duration(), "How long making a connection may take.")
            .byDefault("10s");
    static final Field<Duration> TIMEOUT = Field.of(
                    "timeout",
                    Types.duration(),
                    "How long a request may take in all: waiting for a connection, redirects, and the last byte of the body."
                            + " Waits for rate, delay or Retry-After do not count.")
            .byDefault("30s");
    static final Field<Map<String, String>> HEADERS = Field.of(
                    "headers", Types.map(Types.string()), "Headers of each request; those of the step win.")
            .example(Map.of("accept-language", "en"));
    static final Field<Boolean> COOKIES = Field.of(
                    "cookies", Types.bool(), "Whether cookies are kept and sent back, in one jar for the client.")
            .byDefault(false);
    static final Field<Integer> REDIRECTS = Field.of(
                    "redirects",
                    Types.<Integer>either(Types.integer(0, 100)).or(Types.bool().map(follow -> follow ? 10 : 0)),
                    "How many redirects are followed; 0 or false: none, the answer is the redirect itself. To another origin"
                            + " neither cookies nor headers that could hold a secret go along.")
            .byDefault(10);
    static final Field<String> PROXY = Field.of(
                    "proxy",
                    Types.string(),
                    "Proxy to go through: http://host:port or socks5://user:password@host:port.")
            .example("http://proxy.example:3128");
    static final Field<String> CA = Field.of(
                    "ca",
                    Types.string(),
                    "File of certificates (PEM) of the authorities to trust, in the place of those that this Java trusts.")
            .example("conf/ca.pem");
    static final Field<Boolean> HTTP2 = Field.of(
                    "http2", Types.bool(), "Whether HTTP/2 is used where a server offers it.")
            .byDefault(false);
    static final Field<Long> MAX_BODY = Field.of(
                    "maxBody",
                    Types.size().map(size -> Math.min(size, Integer.MAX_VALUE - 64L)),
                    "Largest body, on the wire and decompressed, that is held in memory. With save it counts only if it is"
                            + " given.")
            .byDefault("10MB");
    static final Field<Boolean> DECOMPRESS = Field.of(
                    "decompress",
                    Types.bool(),
                    "Whether gzip and deflate are asked for, and answers in gzip, deflate, br and zstd are decompressed.")
            .byDefault(true);
    static final Field<String> USER_AGENT =
            Field.of("userAgent", Types.string(), "The header user-agent.").defaultDoc("millrace and its version");
    static final Field<Boolean> ROBOTS = Field.of(
                    "robots",
                    Types.bool(),
                    "Whether robots.txt of each server is kept, under the name that userAgent begins with.")
            .byDefault(false);

    static final Field<String> USER =
            Field.of("user", Types.string(), "User name.").required();
    static final Field<String> PASSWORD =
            Field.of("password", Types.string(), "Password.").required();
    static final Spec BASIC_OBJECT =
            Spec.object("basic", "user and password").fields(USER, PASSWORD).done();
    static final Field<Settings> BASIC =
            Field.of("basic", Types.object(BASIC_OBJECT), "Basic authentication: user and password.");
    static final Field<String> BEARER = Field.of("bearer", Types.string(), "A bearer token.");

    static final Field<String> TOKEN_URL =
            Field.of("tokenUrl", Types.string(), "Where tokens are given.").required();
    static final Field<String> CLIENT_ID =
            Field.of("clientId", Types.string(), "The client's id.").required();
    static final Field<String> CLIENT_SECRET = Field.of("clientSecret", Types.string(), "The client's secret.");
    static final Field<String> SCOPE = Field.of("scope", Types.string(), "Scopes asked for, separated by blanks.");
    static final Field<String> REFRESH_TOKEN = Field.of(
            "refreshToken", Types.string(), "With it tokens are refreshed; without it client credentials are used.");
    private static final Spec OAUTH2_OBJECT = Spec.object("oauth2", "client credentials or a refresh token")
            .fields(TOKEN_URL, CLIENT_ID, CLIENT_SECRET, SCOPE, REFRESH_TOKEN)
            .done();
    static final Field<Settings> OAUTH2 = Field.of(
            "oauth2",
            Types.object(OAUTH2_OBJECT),
            "OAuth 2: a token is fetched when the client opens, kept, and fetched once more on a 401.");
    private static final Spec AUTH_OBJECT = Spec.object("auth", "one of basic, bearer, oauth2")
            .fields(BASIC, BEARER, OAUTH2)
            .exclusive(BASIC, BEARER)
            .exclusive(BASIC, OAUTH2)
            .exclusive(BEARER, OAUTH2)
            .done();
    static final Field<Settings> AUTH =
            Field.of("auth", Types.object(AUTH_OBJECT), "How the client signs in: one of basic, bearer and oauth2.");

    static final List<Field<?>> ALL = List.of(
            PER_HOST,
            CONNECTIONS,
            RATE,
            RETRY_BUDGET,
            CONNECT_TIMEOUT,
            TIMEOUT,
            HEADERS,
            AUTH,
            COOKIES,
            REDIRECTS,
            PROXY,
            CA,
            HTTP2,
            MAX_BODY,
            DECOMPRESS,
            USER_AGENT,
            ROBOTS);

    /** A proxy that cannot be read is told when the flow is checked. */
    static void proxyRule(Settings settings, Check check) {
        settings.find(PROXY)
                .ifPresent(text -> reportUnlessProxy(text, settings.at().child(PROXY.name()), check));
    }

    private static void reportUnlessProxy(String text, Cursor at, Check check) {
        try {
            ClientOptions.proxy(text);
        } catch (Failure wrong) {
            JsonNode shown = at.json();
            check.error(at, shown + " is not a proxy.", "Write http://host:port or socks5://host:port.");
        }
    }
}
