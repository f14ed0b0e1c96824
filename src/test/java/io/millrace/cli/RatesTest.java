package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RatesTest {
    private static final long SECOND = 1_000_000_000L;

    private final Rates rates = new Rates();

    @Test
    void a_rate_is_that_of_the_last_five_seconds() {
        for (int second = 0; second <= 10; second++) {
            rates.perSecond("a", 1_000, second * SECOND);
        }

        assertThat(rates.perSecond("a", 1_500, 11 * SECOND)).isEqualTo(100);
        assertThat(rates.perSecond("b", 7, 11 * SECOND)).isZero();
    }

    @Test
    void what_begins_anew_is_not_counted_backwards() {
        rates.perSecond("a", 1_000, 0);

        assertThat(rates.perSecond("a", 10, SECOND)).isZero();
        assertThat(rates.perSecond("a", 30, 2 * SECOND)).isEqualTo(20);
    }
}
