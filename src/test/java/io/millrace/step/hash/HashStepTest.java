package io.millrace.step.hash;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.Await;
import io.millrace.testkit.TestAssembly;
import io.millrace.testkit.TestFrame;
import io.vertx.core.Vertx;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HashStepTest {
    private static final Vertx vertx = Vertx.vertx();
    private final TestAssembly assembly = new TestAssembly(vertx);

    @AfterAll
    static void close() {
        Await.get(vertx.close());
    }

    @ParameterizedTest
    @CsvSource({
        "md5, 900150983cd24fb0d6963f7d28e17f72",
        "sha1, a9993e364706816aba3e25717850c26c9cd0d89d",
        "sha256, ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        "crc32, 352441c2"
    })
    void gives_the_known_digest_of_abc(String algorithm, String digest) {
        assertThat(hash("{text: '${.t}', algorithm: '" + algorithm + "'}", "{t: 'abc'}"))
                .isEqualTo(digest);
    }

    @Test
    void sha512_has_64_bytes() {
        assertThat(hash("{text: 'abc', algorithm: 'sha512'}", "{}"))
                .hasSize(128)
                .startsWith("ddaf35a1");
    }

    @Test
    void sha256_is_the_default() {
        assertThat(hash("'abc'", "{}")).startsWith("ba7816bf");
    }

    @Test
    void equal_values_have_equal_digests_whatever_the_order_of_keys() {
        String one = hash("'${.}'", "{a: 1, b: {c: [1, {x: 1, y: 2}], d: 'q\\\"'}, e: {}, f: []}");
        String other = hash("'${.}'", "{f: [], e: {}, b: {d: 'q\\\"', c: [1, {y: 2, x: 1}]}, a: 1}");
        String different = hash("'${.}'", "{f: [], e: {}, b: {d: 'q\\\"', c: [{y: 2, x: 1}, 1]}, a: 1}");

        assertThat(one).isEqualTo(other).isNotEqualTo(different);
    }

    @Test
    void the_canonical_form_is_json() {
        assertThat(hash("'${.v}'", "{v: {b: [], a: [1, 'x']}}")).isEqualTo(hash("'{\"a\":[1,\"x\"],\"b\":[]}'", "{}"));
    }

    private String hash(String settings, String document) {
        return Await.get(assembly.step(new HashStep(), settings).run(new TestFrame(vertx, document)))
                .textValue();
    }
}
