package io.millrace.connect.http;

import static net.javacrumbs.jsonunit.assertj.JsonAssertions.assertThatJson;
import static org.assertj.core.api.Assertions.assertThat;

import com.aayushatharva.brotli4j.Brotli4jLoader;
import com.aayushatharva.brotli4j.encoder.Encoder;
import com.fasterxml.jackson.databind.JsonNode;
import com.github.luben.zstd.Zstd;
import io.millrace.spi.Step;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HttpStepTest {
    private final Web web = new Web();

    @AfterEach
    void close() {
        web.close();
    }

    @Test
    void returns_status_headers_body_url_bytes_and_time() {
        String url = web.serve(request -> request.response()
                .putHeader("Content-Type", "text/plain")
                .putHeader("X-Two", (Iterable<String>) List.of("a", "b"))
                .putHeader("Set-Cookie", (Iterable<String>) List.of("a=1", "b=2"))
                .end("hello"));

        JsonNode answer = web.get(url + "/greeting");

        assertThatJson(answer)
                .isEqualTo(
                        "{status: 200, headers: {'content-type': 'text/plain', 'x-two': 'a, b', 'set-cookie': ['a=1',"
                                + " 'b=2'], 'content-length': '5'}, body: 'hello', url: '" + url
                                + "/greeting', bytes: 5, elapsedMs: '${json-unit.any-number}'}");
    }

    @Test
    void reads_json_and_keeps_every_digit() {
        String url = web.serve(request -> request.response()
                .putHeader("content-type", "application/vnd.api+json; charset=utf-8")
                .end("{\"price\": 0.10000000000000000001, \"id\": 123456789012345678901234567890}"));

        JsonNode body = web.get(url).get("body");

        assertThat(body.get("price").decimalValue()).isEqualTo(new BigDecimal("0.10000000000000000001"));
        assertThat(body.get("id").bigIntegerValue()).isEqualTo(new BigInteger("123456789012345678901234567890"));
    }

    @Test
    void decodes_text_by_its_content_type_its_mark_its_meta_tag_or_its_bytes() {
        String html = "<html><head><meta charset='windows-1251'></head>\u041f\u0440\u0438\u0432\u0435\u0442</html>";
        String url = web.serve(request -> {
            switch (request.path()) {
                case "/type":
                    respond(
                            request,
                            "text/html; charset=ISO-8859-2",
                            bytes("za\u017c\u00f3\u0142\u0107", "ISO-8859-2"));
                    break;
                case "/mark":
                    respond(request, "text/plain", bytes("\ufeffgr\u00fcn", "UTF-16LE"));
                    break;
                case "/meta":
                    respond(request, "text/html", bytes(html, "windows-1251"));
                    break;
                default:
                    respond(request, "text/html", bytes("caf\u00e9 au lait", "UTF-8"));
            }
        });

        assertThat(web.get(url + "/type").get("body").asText()).isEqualTo("za\u017c\u00f3\u0142\u0107");
        assertThat(web.get(url + "/mark").get("body").asText()).isEqualTo("gr\u00fcn");
        assertThat(web.get(url + "/meta").get("body").asText()).isEqualTo(html);
        assertThat(web.get(url + "/bytes").get("body").asText()).isEqualTo("caf\u00e9 au lait");
    }

    @Test
    void gives_binary_bodies_as_base64_and_reads_as_it_is_told() {
        String url = web.serve(request -> respond(request, "image/png", new byte[] {1, 2, 3}));

        assertThat(web.get(url).get("body").asText()).isEqualTo("AQID");
        assertThat(web.run(web.step("{url: '" + url + "', read: 'none'}"), "{}")
                        .get("body")
                        .isNull())
                .isTrue();
        assertThat(web.run(web.step("{url: '" + url + "', read: 'text'}"), "{}")
                        .get("body")
                        .asText())
                .isEqualTo("\u0001\u0002\u0003");
    }

    @Test
    void sends_query_headers_and_a_json_body_from_templates() {
        String url = web.serve(HttpStepTest::echo);
        String settings = "{url: '${.base}/find?z=1', query: {q: '${.q}', tag: ['a', 'b'], none: null},"
                + " headers: {'x-id': '${.id}'}, body: {id: '${.id}'}}";

        JsonNode seen = web.run(web.step(settings), "{base: '" + url + "', q: 'a b&c', id: 7}")
                .get("body");

        assertThatJson(seen)
                .isEqualTo(
                        "{method: 'POST', uri: '/find?z=1&q=a%20b%26c&tag=a&tag=b', type: 'application/json', id: '7',"
                                + " body: '{\"id\":7}'}");
    }

    @Test
    void sends_forms_as_browsers_do() {
        String url = web.serve(HttpStepTest::echo);

        JsonNode seen = web.run(web.step("{url: '" + url + "', form: {user: 'a b', x: '1&2'}}"), "{}")
                .get("body");

        assertThat(seen.get("type").asText()).isEqualTo("application/x-www-form-urlencoded");
        assertThat(seen.get("body").asText()).isEqualTo("user=a+b&x=1%262");
    }

    @Test
    void sends_fields_and_files_as_multipart(@TempDir Path folder) throws Exception {
        Files.writeString(folder.resolve("note.txt"), "the note");
        String url = web.in(folder).serve(HttpStepTest::echo);
        String multipart = "{title: 'T', note: {file: 'note.txt', type: 'text/plain'}}";

        JsonNode seen = web.run(web.step("{url: '" + url + "', multipart: " + multipart + "}"), "{}")
                .get("body");

        assertThat(seen.get("type").asText()).startsWith("multipart/form-data; boundary=");
        assertThat(seen.get("body").asText())
                .contains("name=\"title\"", "filename=\"note.txt\"", "text/plain", "the note");
    }

    @Test
    void takes_the_statuses_that_are_expected_as_answers() {
        String url = web.serve(request -> request.response().setStatusCode(404).end("none"));

        JsonNode listed = web.run(web.step("{url: '" + url + "', expect: ['2xx', 404]}"), "{}");
        JsonNode any = web.run(web.step("{url: '" + url + "', expect: 'any'}"), "{}");

        assertThat(listed.get("status").asInt()).isEqualTo(404);
        assertThat(any.get("body").asText()).isEqualTo("none");
    }

    @Test
    void decompresses_what_it_asked_for() throws Exception {
        byte[] gzip = Compressed.gzip("packed".getBytes(StandardCharsets.UTF_8));
        String url = web.serve(request -> {
            request.response().putHeader("content-encoding", "gzip").putHeader("content-type", "text/plain");
            request.response()
                    .putHeader("x-asked", request.getHeader("accept-encoding"))
                    .end(Buffer.buffer(gzip));
        });

        JsonNode answer = web.get(url);

        assertThat(answer.get("body").asText()).isEqualTo("packed");
        assertThat(answer.get("bytes").asInt()).isEqualTo(6);
        assertThat(answer.at("/headers/x-asked").asText()).isEqualTo("gzip, deflate");
    }

    @Test
    void understands_all_usual_encodings_and_several_on_top_of_each_other() throws Exception {
        byte[] plain = "packed".getBytes(StandardCharsets.UTF_8);
        Brotli4jLoader.ensureAvailability();
        Map<String, byte[]> bodies = Map.of(
                "br", Encoder.compress(plain),
                "zstd", Zstd.compress(plain),
                "deflate", Compressed.deflate(plain, false),
                "Deflate", Compressed.deflate(plain, true),
                "deflate, gzip", Compressed.gzip(Compressed.deflate(plain, false)),
                "identity", plain);
        String url = web.serve(request -> {
            String encoding = request.getHeader("x-encoding");
            request.response().putHeader("content-encoding", encoding).putHeader("content-type", "text/plain");
            request.response().end(Buffer.buffer(bodies.getOrDefault(encoding, plain)));
        });
        Step step = web.step("{url: '" + url + "', headers: {'x-encoding': '${.value}'}}");

        for (String encoding : bodies.keySet()) {
            JsonNode answer = web.run(step, "{value: '" + encoding + "'}");
            assertThat(answer.get("body").asText()).as(encoding).isEqualTo("packed");
        }
    }

    @Test
    void asks_for_a_head_without_waiting_for_its_body() {
        String url = web.serve(request ->
                request.response().putHeader("content-length", "123456789012").end());

        JsonNode answer = web.run(web.step("{url: '" + url + "', method: 'head'}"), "{}");

        assertThat(answer.at("/headers/content-length").asText()).isEqualTo("123456789012");
        assertThat(answer.get("bytes").asInt()).isZero();
    }

    @Test
    void a_client_adds_its_headers_and_the_step_may_replace_them() {
        String url = web.serve(HttpStepTest::echo);
        Client client = web.client("{headers: {'X-Id': 'client'}}");

        String ofClient = web.run(web.step(client, "{url: '" + url + "'}"), "{}")
                .at("/body/id")
                .asText();
        String ofStep = web.run(web.step(client, "{url: '" + url + "', headers: {'x-ID': 'step'}}"), "{}")
                .at("/body/id")
                .asText();

        assertThat(ofClient).isEqualTo("client");
        assertThat(ofStep).isEqualTo("step");
    }

    @Test
    void check_reports_a_url_that_is_none_and_fields_that_exclude_each_other() {
        var spec = new HttpConnector.RequestStep().spec();

        assertThat(web.assembly().problems(spec, "{url: 'shop'}"))
                .singleElement()
                .asString()
                .contains("\"shop\" is not an http URL. Write http://… or https://…");
        assertThat(web.assembly().problems(spec, "{url: 'http://h', body: 1, form: {a: 1}, exists: 'skip'}"))
                .hasSize(2);
    }

    private static void echo(HttpServerRequest request) {
        request.body()
                .onSuccess(body -> request.response()
                        .putHeader("content-type", "application/json")
                        .end(new io.vertx.core.json.JsonObject()
                                .put("method", request.method().name())
                                .put("uri", request.uri())
                                .put("type", request.getHeader("content-type"))
                                .put("id", request.getHeader("x-id"))
                                .put("body", body.toString())
                                .toBuffer()));
    }

    private static void respond(HttpServerRequest request, String type, byte[] body) {
        request.response().putHeader("content-type", type).end(Buffer.buffer(body));
    }

    private static byte[] bytes(String text, String charset) {
        return text.getBytes(Charset.forName(charset));
    }
}
