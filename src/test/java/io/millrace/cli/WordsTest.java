package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class WordsTest {
    @Test
    void times_get_coarser_as_they_grow() {
        assertThat(Words.time(Duration.ofMillis(452))).isEqualTo("0.45 s");
        assertThat(Words.time(Duration.ofMillis(12_340))).isEqualTo("12.3 s");
        assertThat(Words.time(Duration.ofSeconds(125))).isEqualTo("2 m 05 s");
        assertThat(Words.time(Duration.ofMinutes(187))).isEqualTo("3 h 07 m");
    }

    @Test
    void rates_keep_two_digits_that_matter() {
        assertThat(Words.perSecond(0, Duration.ofSeconds(1))).isEqualTo("0");
        assertThat(Words.perSecond(1, Duration.ofSeconds(4))).isEqualTo("0.25");
        assertThat(Words.perSecond(98, Duration.ofSeconds(10))).isEqualTo("9.8");
        assertThat(Words.perSecond(12_434, Duration.ofSeconds(10))).isEqualTo("1,243");
    }

    @Test
    void latencies_have_a_unit_that_fits() {
        assertThat(Words.millis(0.042)).isEqualTo("0.042 ms");
        assertThat(Words.millis(3.14)).isEqualTo("3.1 ms");
        assertThat(Words.millis(240.2)).isEqualTo("240 ms");
        assertThat(Words.millis(1_240)).isEqualTo("1.2 s");
        assertThat(Words.millis(Double.NaN)).isEqualTo("-");
    }

    @Test
    void clocks_show_hours_only_where_there_are_some() {
        assertThat(Words.clock(Duration.ofSeconds(10))).isEqualTo("00:10");
        assertThat(Words.clock(Duration.ofSeconds(3_723))).isEqualTo("1:02:03");
    }
}
