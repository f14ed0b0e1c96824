package io.millrace.connect.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.SslMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PostgresUriTest {
    @Test
    void reads_every_part() {
        PgConnectOptions read =
                PostgresUri.parse("postgres://me:p%40ss:w+rd@db.example:6543/shop?sslmode=require&application_name=x");

        assertThat(read.getHost()).isEqualTo("db.example");
        assertThat(read.getPort()).isEqualTo(6543);
        assertThat(read.getUser()).isEqualTo("me");
        assertThat(read.getPassword()).isEqualTo("p@ss:w+rd");
        assertThat(read.getDatabase()).isEqualTo("shop");
        assertThat(read.getSslMode()).isEqualTo(SslMode.REQUIRE);
        assertThat(read.getProperties()).containsEntry("application_name", "x");
    }

    @Test
    void fills_in_what_is_missing() {
        PgConnectOptions read = PostgresUri.parse("postgresql://me@[::1]");

        assertThat(read.getHost()).isEqualTo("::1");
        assertThat(read.getPort()).isEqualTo(5432);
        assertThat(read.getDatabase()).isEqualTo("me");
    }

    @Test
    void takes_a_unix_socket_in_the_place_of_the_host() {
        PgConnectOptions read =
                PostgresUri.parse("postgresql://me:pw@%2Frun%2Fpostgresql:5433/shop?application_name=x");

        assertThat(read.getHost()).isEqualTo("/run/postgresql");
        assertThat(read.getPort()).isEqualTo(5433);
        assertThat(read.getUser()).isEqualTo("me");
        assertThat(read.getDatabase()).isEqualTo("shop");
        assertThat(PostgresUri.parse("postgres://%2ftmp/shop").getHost()).isEqualTo("/tmp");
    }

    @Test
    void takes_a_unix_socket_as_host_parameter() {
        PgConnectOptions read = PostgresUri.parse("postgresql://me:pw@/shop?host=/run/postgresql&port=5433");

        assertThat(read.getHost()).isEqualTo("/run/postgresql");
        assertThat(read.isUsingDomainSocket()).isTrue();
        assertThat(read.getPort()).isEqualTo(5433);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mysql://me:hunter2@host/db",
                "postgres://me:hunter2 x@host/db",
                "postgres://me:hunter2@host/db?sslmode=maybe",
                "postgres://me:hunter2@host/db?colour=red",
                "postgres://me:hunter2@ho_st%/db"
            })
    void never_repeats_the_password_of_a_bad_address(String uri) {
        assertThatThrownBy(() -> PostgresUri.parse(uri))
                .isInstanceOf(IllegalArgumentException.class)
                .message()
                .isNotBlank()
                .doesNotContain("hunter2");
    }
}
