package io.millrace.connect.http;

import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/** How long a server asks to be left alone: seconds or a date. */
final class RetryAfter {
    /** Longer pauses are shortened to this: what a server asks for must not stop a run. */
    static final Duration MOST = Duration.ofSeconds(60);

    private RetryAfter() {}

    static Optional<Duration> of(HttpClientResponse response) {
        String text = response.headers().get(HttpHeaders.RETRY_AFTER);
        return text == null ? Optional.empty() : parse(text.trim(), Clock.systemUTC());
    }

    static Optional<Duration> parse(String text, Clock clock) {
        try {
            Duration asked = text.matches("\\d{1,9}")
                    ? Duration.ofSeconds(Long.parseLong(text))
                    : Duration.between(
                            ZonedDateTime.now(clock), ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME));
            return Optional.of(asked.isNegative() ? Duration.ZERO : asked.compareTo(MOST) > 0 ? MOST : asked);
        } catch (DateTimeException unreadable) {
            return Optional.empty();
        }
    }
}
