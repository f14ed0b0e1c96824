package io.millrace.connect.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import crawlercommons.robots.BaseRobotRules;
import crawlercommons.robots.SimpleRobotRules;
import crawlercommons.robots.SimpleRobotRules.RobotRulesMode;
import crawlercommons.robots.SimpleRobotRulesParser;
import io.millrace.spi.Failure;
import io.millrace.spi.Failure.Kind;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpMethod;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What servers let a client fetch, by RFC 9309: robots.txt of each origin, read once by whoever comes first, and kept for a day. One that does not
 * exist (4xx) allows all; one that cannot be had forbids all for the time being.
 *
 * <p>Used from several event loops; a future that it gives completes on any of them.
 */
final class Robots {
    static final int MAX_ORIGINS = 10_000;
    static final Duration KEPT = Duration.ofHours(24);
    static final Duration ASKED_AGAIN = Duration.ofSeconds(5);

    private static final Duration LONGEST_DELAY = Duration.ofSeconds(30);

    /** RFC 9309, 2.5: a crawler must parse at least 500 KiB; the rest is passed over. */
    private static final int LARGEST = 512 * 1024;

    static final Fetch.Wish WISH =
            new Fetch.Wish(Expect.NO_ERROR, Optional.of(response -> MemoryBody.beginning(LARGEST)));

    private static final Pattern TOKEN = Pattern.compile("[A-Za-z_-]+");
    private static final Pattern BEHIND_COMPATIBLE = Pattern.compile("^Mozilla/.*?compatible;\\s*([A-Za-z_-]+)");

    /** @param delay nanoseconds */
    private record Rules(BaseRobotRules parsed, long delay) {
        static final Rules NONE = new Rules(new SimpleRobotRules(RobotRulesMode.ALLOW_ALL), 0);
    }

    private static final class Entry {
        private final Future<Rules> rules;
        private long until;

        private Entry(Future<Rules> rules) {
            this.rules = rules;
        }
    }

    private final String agent;
    private final Function<Target, Future<Answer>> fetch;
    private final LongSupplier clock;
    private final Map<String, Entry> origins = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Entry> eldest) {
            return size() > MAX_ORIGINS;
        }
    };

    /**
     * @param agent the name that groups of rules are looked for by
     * @param fetch reads the file at a URL
     * @param clock nanoseconds
     */
    Robots(String agent, Function<Target, Future<Answer>> fetch, LongSupplier clock) {
        this.agent = agent;
        this.fetch = fetch;
        this.clock = clock;
    }

    /** The name in a header user-agent: {@code mybot} of {@code MyBot/1.0 (+https://…)}, as of {@code Mozilla/5.0 (compatible; MyBot/1.0)}. */
    static String agent(String userAgent) {
        Matcher behind = BEHIND_COMPATIBLE.matcher(userAgent);
        if (behind.find()) {
            return behind.group(1).toLowerCase(Locale.ROOT);
        }
        Matcher token = TOKEN.matcher(userAgent);
        return token.find() ? token.group().toLowerCase(Locale.ROOT) : "*";
    }

    /** The file may be cut, which compressed it may not. */
    static Outbound request(Target file) {
        var headers = JsonNodeFactory.instance.objectNode().put("accept-encoding", "identity");
        return new Outbound(HttpMethod.GET, file, headers, null, file);
    }

    /** Fails with what forbids the URL, or with why that is not known. */
    Future<Void> allow(Target target) {
        if (target.uri().equals("/robots.txt")) {
            return Future.succeededFuture();
        }
        return rules(target)
                .compose(rules -> rules.parsed().isAllowed(target.url())
                        ? Future.succeededFuture()
                        : Future.failedFuture(forbidden(target)));
    }

    private Failure forbidden(Target target) {
        return Failure.of(
                Kind.REJECTED,
                "robots.txt of " + target.address() + " forbids " + target.uri() + " for agent \"" + agent
                        + "\". Leave such URLs out, or ask whoever runs the site.");
    }

    /** Nanoseconds between two requests; 0 for none, or while nothing is known. */
    long delay(Target target) {
        Entry known;
        synchronized (origins) {
            known = origins.get(file(target).url());
        }
        return known != null && known.rules.succeeded() ? known.rules.result().delay() : 0;
    }

    private Future<Rules> rules(Target target) {
        Target file = file(target);
        Promise<Rules> promise = Promise.promise();
        Entry fresh = new Entry(promise.future());
        synchronized (origins) {
            Entry known = origins.get(file.url());
            if (known != null && (!known.rules.isComplete() || known.until - clock.getAsLong() > 0)) {
                return known.rules;
            }
            fresh.until = clock.getAsLong();
            origins.put(file.url(), fresh);
        }
        fetch.apply(file)
                .map(answer -> parse(file, answer))
                .recover(thrown -> unread(file, thrown))
                .onComplete(read -> {
                    synchronized (origins) {
                        fresh.until = clock.getAsLong() + (read.succeeded() ? KEPT : ASKED_AGAIN).toNanos();
                    }
                    promise.handle(read);
                });
        return fresh.rules;
    }

    private static Target file(Target of) {
        return new Target(of.ssl(), of.host(), of.port(), "/robots.txt", of.userInfo());
    }

    /** The parser forbids all where the delay is longer than it knows; ours is cut. Its warnings are for who wrote the file. */
    private Rules parse(Target file, Answer answer) {
        var parser = new SimpleRobotRulesParser(Long.MAX_VALUE, 0);
        SimpleRobotRules parsed =
                parser.parseContent(file.url(), answer.body(), answer.header("content-type"), List.of(agent));
        long delay = Math.max(0, Math.min(parsed.getCrawlDelay(), LONGEST_DELAY.toMillis()));
        return new Rules(parsed, Duration.ofMillis(delay).toNanos());
    }

    private Future<Rules> unread(Target file, Throwable thrown) {
        Failure why = Failure.from(thrown);
        Integer status = why.status();
        boolean none = status == null ? why.kind() == Kind.REJECTED : status < 500 && status != 429;
        return none ? Future.succeededFuture(Rules.NONE) : Future.failedFuture(unreachable(file, why));
    }

    private static Failure unreachable(Target file, Failure why) {
        return Failure.build(
                        Kind.UNREACHABLE,
                        "robots.txt of " + file.address() + " cannot be had, and so nothing else of it is fetched: "
                                + why.message())
                .retryAfterMs(ASKED_AGAIN.toMillis())
                .cause(why)
                .done();
    }
}
