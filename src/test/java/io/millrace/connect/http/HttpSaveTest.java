package io.millrace.connect.http;

import static net.javacrumbs.jsonunit.assertj.JsonAssertions.assertThatJson;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.spi.Failure;
import io.millrace.spi.Failure.Kind;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HttpSaveTest {
    private static final String CONTENT = "0123456789";
    private static final String HASH = "84d89877f0d4041efb6bf91a16f0248f2fd573e6af05c19f96bedb9f882f7882";

    private final Web web = new Web();
    private final List<String> ranges = new CopyOnWriteArrayList<>();
    private String url = "";

    @TempDir
    Path folder;

    @BeforeEach
    void serve() {
        url = web.in(folder).serve(this::answer);
    }

    @AfterEach
    void close() {
        web.close();
    }

    @Test
    void saves_the_body_and_returns_its_path_size_and_hash() throws Exception {
        JsonNode saved = save("");

        assertThatJson(saved)
                .isEqualTo("{status: 200, headers: {etag: '\"v1\"', 'content-length': '10'}, path: '"
                        + folder.resolve("out/a.bin")
                        + "', bytes: 10, sha256: '" + HASH + "', url: '" + url
                        + "/x', elapsedMs: '${json-unit.any-number}'}");
        assertThat(folder.resolve("out/a.bin")).hasContent(CONTENT);
        assertThat(files()).containsExactly("a.bin");
    }

    @Test
    void saves_more_than_max_body_unless_that_is_given() throws Exception {
        byte[] large = new byte[12_000_000];
        String big = web.serve(request -> request.response().end(Buffer.buffer(large)));

        JsonNode saved = web.run(web.step("{url: '" + big + "', save: 'out/large'}"), "{}");
        Failure failure =
                web.failure(web.step(web.client("{maxBody: '10MB'}"), "{url: '" + big + "', save: 'out/larger'}"));

        assertThat(saved.get("bytes").asInt()).isEqualTo(12_000_000);
        assertThat(failure.kind()).isEqualTo(Kind.LIMIT);
        assertThat(files()).containsExactly("large");
    }

    @Test
    void a_path_never_leaves_the_folder_it_begins_with() {
        Failure failure = web.failure(web.step("{url: '" + url + "/x', save: 'out/${.name}'}"), "{name: '../../evil'}");

        assertThat(failure.kind()).isEqualTo(Kind.BAD_DATA);
        assertThat(failure.message()).contains("lies outside of " + folder.resolve("out"));
    }

    @Test
    void a_file_with_another_hash_is_not_kept() throws Exception {
        Failure failure = failure(", sha256: '00'");

        assertThat(failure.kind()).isEqualTo(Kind.BAD_DATA);
        assertThat(failure.message()).contains("sha256 of a.bin is " + HASH);
        assertThat(files()).isEmpty();
    }

    @Test
    void skips_fails_or_replaces_when_the_file_is_there() throws Exception {
        Files.createDirectories(folder.resolve("out"));
        Files.writeString(folder.resolve("out/a.bin"), "old");

        JsonNode skipped = save(", exists: 'skip'");
        Failure failed = failure(", exists: 'fail'");

        assertThat(skipped.has("status")).isFalse();
        assertThat(skipped.get("bytes").asInt()).isEqualTo(3);
        assertThat(failed.message()).contains("exists already");
        assertThat(ranges).isEmpty();
        save(", exists: 'replace'");
        assertThat(folder.resolve("out/a.bin")).hasContent(CONTENT);
    }

    @Test
    void skips_only_the_file_that_has_the_expected_hash() throws Exception {
        Files.createDirectories(folder.resolve("out"));
        Files.writeString(folder.resolve("out/a.bin"), "old");

        save(", exists: 'skip', sha256: '" + HASH + "'");

        assertThat(folder.resolve("out/a.bin")).hasContent(CONTENT);
    }

    @Test
    void resumes_where_a_broken_download_stopped() throws Exception {
        url = web.serve(request -> {
            if (request.getHeader("range") == null) {
                request.response().putHeader("etag", "\"v1\"").putHeader("content-length", "10");
                request.response()
                        .write(CONTENT.substring(0, 4))
                        .onComplete(v -> request.connection().close());
            } else {
                answer(request);
            }
        });

        Failure broken = failure(", exists: 'resume'");
        JsonNode resumed = save(", exists: 'resume'");

        assertThat(broken.message()).contains("connection closed after 4 of 10 bytes");
        assertThat(ranges).containsExactly("bytes=4-");
        assertThat(resumed.get("status").asInt()).isEqualTo(206);
        assertThat(folder.resolve("out/a.bin")).hasContent(CONTENT);
        assertThat(files()).containsExactly("a.bin");
    }

    @Test
    void starts_over_when_the_document_is_another_one_by_now() throws Exception {
        part("zzzz", "\"v0\"");

        save(", exists: 'resume'");

        assertThat(ranges).containsExactly("bytes=4-");
        assertThat(folder.resolve("out/a.bin")).hasContent(CONTENT);
    }

    @Test
    void finishes_a_part_that_was_complete_already() throws Exception {
        part(CONTENT, "\"v1\"");

        JsonNode saved = save(", exists: 'resume', sha256: '" + HASH + "'");

        assertThat(saved.get("sha256").asText()).isEqualTo(HASH);
        assertThat(files()).containsExactly("a.bin");
    }

    @Test
    void a_broken_download_leaves_nothing_behind() throws Exception {
        url = web.answering("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n0123");

        assertThat(failure("").kind()).isEqualTo(Kind.UNREACHABLE);
        org.awaitility.Awaitility.await().until(() -> files().isEmpty());
    }

    @Test
    void an_error_status_saves_nothing() throws Exception {
        url = web.serve(request -> request.response().setStatusCode(404).end("no such page"));

        assertThat(failure("").status()).isEqualTo(404);
        assertThat(files()).isEmpty();
    }

    private void part(String content, String tag) throws Exception {
        Files.createDirectories(folder.resolve("out"));
        Files.writeString(folder.resolve("out/a.bin.part"), content);
        Files.writeString(folder.resolve("out/a.bin.tag"), tag);
    }

    private JsonNode save(String more) {
        return web.run(web.step("{url: '" + url + "/x', save: 'out/${.id}.bin'" + more + "}"), "{id: 'a'}");
    }

    private Failure failure(String more) {
        return web.failure(web.step("{url: '" + url + "/x', save: 'out/${.id}.bin'" + more + "}"), "{id: 'a'}");
    }

    private List<String> files() throws Exception {
        if (!Files.exists(folder.resolve("out"))) {
            return List.of();
        }
        try (var names = Files.list(folder.resolve("out"))) {
            return names.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    /** Ranges of version v1. */
    private void answer(HttpServerRequest request) {
        String range = request.getHeader("range");
        request.response().putHeader("etag", "\"v1\"");
        if (range != null) {
            ranges.add(range);
        }
        if (range == null || !"\"v1\"".equals(request.getHeader("if-range"))) {
            request.response().end(CONTENT);
            return;
        }
        int from = Integer.parseInt(range.replaceAll("\\D", ""));
        if (from >= CONTENT.length()) {
            request.response()
                    .setStatusCode(416)
                    .putHeader("content-range", "bytes */10")
                    .end();
            return;
        }
        request.response()
                .setStatusCode(206)
                .putHeader("content-range", "bytes " + from + "-9/10")
                .end(CONTENT.substring(from));
    }
}
