package io.millrace.connect.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TargetTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '>',
            value = {
                "http://h > http://h/",
                "HTTPS://H.example:443/a > https://h.example/a",
                "http://h:8080?q=1 > http://h:8080/?q=1",
                "http://h/a b|c/%41?x=ü#frag > http://h/a%20b%7Cc/%41?x=%C3%BC",
                "http://user:pw@h/x > http://h/x",
                "http://bücher.example/ > http://xn--bcher-kva.example/",
                "http://[::1]:81/x > http://[::1]:81/x",
                "http://under_score/ > http://under_score/"
            })
    void reads_urls_as_browsers_do(String text, String url) {
        assertThat(Target.parse(text).url()).isEqualTo(url);
    }

    @ParameterizedTest
    @ValueSource(strings = {"shop", "", "//h/x", "ftp://h/", "http://", "http:///x", "mailto:a@b", "http://a b/"})
    void refuses_what_is_no_http_url(String text) {
        assertThatThrownBy(() -> Target.parse(text))
                .hasMessageEndingWith("is not an http URL. Write http://… or https://…");
    }

    @Test
    void refuses_a_bracket_that_is_not_closed_in_its_own_words() {
        assertThatThrownBy(() -> Target.parse("http://[::1/x")).hasMessageContaining("has no closing ].");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://h:0/", "http://h:99999/", "http://h:x/"})
    void refuses_a_port_that_is_none(String text) {
        assertThatThrownBy(() -> Target.parse(text)).hasMessageContaining("the port must be a number");
    }

    @ParameterizedTest
    @CsvSource({
        "x, http://h/a/x",
        "./x, http://h/a/x",
        "../x, http://h/x",
        "../../../x, http://h/x",
        "/x?y, http://h/x?y",
        "?z, http://h/a/b?z",
        "//other/x, http://other/x",
        "https://s/x, https://s/x",
        "'', http://h/a/b?q",
        "c/.., http://h/a/",
        "#f, http://h/a/b?q"
    })
    void resolves_links(String link, String url) {
        assertThat(Target.parse("http://h/a/b?q").resolve(link).url()).isEqualTo(url);
    }

    @Test
    void retry_after_is_seconds_or_a_date_and_at_most_a_minute() {
        Clock noon = Clock.fixed(Instant.parse("2015-10-21T07:28:00Z"), ZoneOffset.UTC);

        assertThat(RetryAfter.parse("7", noon)).contains(Duration.ofSeconds(7));
        assertThat(RetryAfter.parse("3600", noon)).contains(Duration.ofSeconds(60));
        assertThat(RetryAfter.parse("Wed, 21 Oct 2015 07:28:05 GMT", noon)).contains(Duration.ofSeconds(5));
        assertThat(RetryAfter.parse("Wed, 21 Oct 2015 07:27:05 GMT", noon)).contains(Duration.ZERO);
        assertThat(RetryAfter.parse("soon", noon)).isEmpty();
    }
}
