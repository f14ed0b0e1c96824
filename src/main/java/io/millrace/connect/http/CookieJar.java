package io.millrace.connect.http;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.CookieManager;
import java.net.CookiePolicy;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The cookies of one client, in memory. Safe for use by several threads. */
final class CookieJar {
    private final CookieManager cookies = new CookieManager(null, CookiePolicy.ACCEPT_ORIGINAL_SERVER);

    /** The header to send to the target, if there are cookies for it. */
    Optional<String> header(Target to) {
        try {
            List<String> values = cookies.get(URI.create(to.url()), Map.of()).getOrDefault("Cookie", List.of());
            return values.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", values));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        } catch (IllegalArgumentException strangeUrl) {
            return Optional.empty();
        }
    }

    /** Keeps what an answer sets. */
    void keep(Target from, MultiMap headers) {
        List<String> set = headers.getAll(HttpHeaders.SET_COOKIE);
        if (set.isEmpty()) {
            return;
        }
        try {
            cookies.put(URI.create(from.url()), Map.of("Set-Cookie", set));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        } catch (IllegalArgumentException strangeUrl) {
            // a URL that java.net cannot read has no cookies
        }
    }
}
