package io.millrace.connect.http;

import static net.javacrumbs.jsonunit.assertj.JsonAssertions.assertThatJson;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a flow sees of a request, and which requests it never sees. */
class ListenRecordTest {
    @TempDir
    Path directory;

    private Service echo(String settings) {
        return Service.answering(directory, settings, "[{'reply': '${.}'}]");
    }

    @Test
    void holds_method_path_params_query_headers_and_body() {
        try (Service service = echo("{'path': '/shops/:shop/orders/:id'}")) {
            HttpResponse<String> answer = service.send(service.request("/shops/a%20b/orders/7?q=1&q=2&r=%C3%BC")
                    .header("content-type", "application/json")
                    .header("X-Two", "a")
                    .header("x-two", "b")
                    .PUT(BodyPublishers.ofString("{\"price\": 12345678901234567890.12}")));

            JsonNode seen = Service.json(answer);
            assertThatJson(seen.get("params")).isEqualTo("{shop: 'a b', id: '7'}");
            assertThatJson(seen.get("query")).isEqualTo("{q: ['1', '2'], r: 'ü'}");
            assertThat(seen.get("method").asText()).isEqualTo("PUT");
            assertThat(seen.get("path").asText()).startsWith("/shops/a").endsWith("/orders/7");
            assertThat(seen.at("/headers/x-two").asText()).isEqualTo("a, b");
            assertThat(answer.body()).contains("12345678901234567890.12");
        }
    }

    @Test
    void shows_the_other_side_in_meta() {
        try (Service service = Service.answering(directory, "'/'", "[{'reply': '${$meta}'}]")) {
            JsonNode meta = Service.json(service.get("/"));

            assertThat(meta.at("/peer/host").asText()).isEqualTo("127.0.0.1");
            assertThat(meta.at("/peer/port").asInt()).isPositive();
            assertThat(meta.get("position").asInt()).isEqualTo(1);
        }
    }

    @Test
    void has_text_as_text_nothing_as_null_and_other_bytes_in_base64() {
        try (Service service = echo("'/'")) {
            JsonNode text = Service.json(service.post("/", "text/csv", "a,ü"));
            JsonNode none = Service.json(service.get("/"));
            JsonNode empty = Service.json(service.post("/", "application/json", ""));
            JsonNode bytes = Service.json(service.post("/", "image/png", "png"));

            assertThat(text.get("body").asText()).isEqualTo("a,ü");
            assertThat(none.get("body").isNull()).isTrue();
            assertThat(empty.get("body").isNull()).isTrue();
            assertThat(bytes.get("body").asText()).isEqualTo("cG5n");
        }
    }

    @Test
    void has_the_fields_of_a_form_by_name() {
        try (Service service = echo("'/'")) {
            JsonNode form = Service.json(
                    service.post("/", "application/x-www-form-urlencoded", "name=Ada+L&tag=a&tag=%C3%BC&empty="));

            assertThatJson(form.get("body")).isEqualTo("{name: 'Ada L', tag: ['a', 'ü'], empty: ''}");
        }
    }

    @Test
    void has_the_files_of_a_multipart_form_beside_its_fields() {
        try (Service service = echo("'/'")) {
            String parts = "--x\r\nContent-Disposition: form-data; name=\"who\"\r\n\r\nAda\r\n"
                    + "--x\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a.json\"\r\n"
                    + "Content-Type: application/json\r\n\r\n{\"a\": 1}\r\n--x--\r\n";

            JsonNode form = Service.json(service.post("/", "multipart/form-data; boundary=x", parts));

            assertThatJson(form.get("body"))
                    .isEqualTo(
                            "{who: 'Ada', f: {filename: 'a.json', contentType: 'application/json', bytes: 8, body: {a: 1}}}");
        }
    }

    @Test
    void a_body_that_is_not_what_it_says_is_answered_with_400_and_never_becomes_an_item() {
        try (Service service = echo("'/'")) {
            HttpResponse<String> json = service.post("/", "application/json", "{\"a\": ");
            HttpResponse<String> form = service.post("/", "application/x-www-form-urlencoded", "a=%zz");
            HttpResponse<String> parts = service.post("/", "multipart/form-data", "no boundary");
            HttpResponse<String> utf32 = service.send(service.request("/")
                    .header("content-type", "application/json")
                    .POST(BodyPublishers.ofByteArray(new byte[] {0, 0, (byte) 0xfe, (byte) 0xff, 127, 1, 1, 1})));

            assertThat(json.statusCode()).isEqualTo(400);
            assertThatJson(json.body()).node("kind").isEqualTo("BAD_DATA");
            assertThat(json.body()).contains("is not JSON", "line 1");
            assertThat(form.statusCode()).isEqualTo(400);
            assertThat(parts.statusCode()).isEqualTo(400);
            assertThat(utf32.statusCode()).isEqualTo(400);
            assertThat(service.drain().result().last().read()).isEqualTo(1);
        }
    }

    @Test
    void a_compressed_body_is_answered_with_415() {
        try (Service service = echo("'/'")) {
            HttpResponse<String> answer = service.send(
                    service.request("/").header("content-encoding", "gzip").POST(BodyPublishers.ofString("x")));

            assertThat(answer.statusCode()).isEqualTo(415);
        }
    }

    @Test
    void a_large_body_comes_whole() {
        try (Service service =
                Service.answering(directory, "{'path': '/', 'maxBody': '3MB'}", "[{'reply': '${.body | length}'}]")) {
            String text = "\"" + "ü".repeat(1_400_000) + "\"";

            HttpResponse<String> answer = service.post("/", "application/json", text);

            assertThat(answer.body()).isEqualTo("1400000");
        }
    }

    @Test
    void other_paths_are_404_and_other_methods_405_with_those_that_are_allowed() {
        try (Service service = new Service(directory, "{}", "", """
                'get': {'source': {'http-server': {'path': '/a/:id', 'methods': 'GET'}}, 'steps': [{'reply': 'got'}], 'sink': 'discard'},
                'put': {'source': {'http-server': {'path': '/a/:key', 'methods': ['PUT', 'POST']}}, 'steps': [{'reply': 'put'}], 'sink': 'discard'}
                """)) {
            HttpResponse<String> wrongMethod =
                    service.send(service.request("/a/1").DELETE());

            assertThat(service.get("/a/1").body()).isEqualTo("got");
            assertThat(service.post("/a/1", "text/plain", "").body()).isEqualTo("put");
            assertThat(service.get("/b").statusCode()).isEqualTo(404);
            assertThat(wrongMethod.statusCode()).isEqualTo(405);
            assertThat(wrongMethod.headers().firstValue("allow")).contains("GET, POST, PUT");
        }
    }

    @Test
    void the_more_particular_path_is_asked_first_whatever_the_order_of_the_stages() {
        try (Service service = new Service(directory, "{}", "", """
                'rest': {'source': {'http-server': '/*'}, 'steps': [{'reply': 'rest'}], 'sink': 'discard'},
                'any': {'source': {'http-server': '/orders/:id'}, 'steps': [{'reply': 'any'}], 'sink': 'discard'},
                'new': {'source': {'http-server': '/orders/new'}, 'steps': [{'reply': 'new'}], 'sink': 'discard'}
                """)) {
            assertThat(service.get("/orders/new").body()).isEqualTo("new");
            assertThat(service.get("/orders/7").body()).isEqualTo("any");
            assertThat(service.get("/orders/7/lines").body()).isEqualTo("rest");
            assertThat(service.get("/").body()).isEqualTo("rest");
        }
    }

    @Test
    void files_of_a_folder_are_served_beside_it() throws Exception {
        java.nio.file.Files.writeString(directory.resolve("page.html"), "<p>ü", StandardCharsets.UTF_8);
        try (Service service = new Service(directory, "{'files': '.'}", "", """
                'api': {'source': {'http-server': '/api'}, 'steps': [{'reply': 'api'}], 'sink': 'discard'}
                """)) {
            assertThat(service.get("/page.html").body()).isEqualTo("<p>ü");
            assertThat(service.get("/api").body()).isEqualTo("api");
        }
    }

    @Test
    void only_who_signs_in_reaches_the_flow() {
        try (Service service = new Service(directory, "{'auth': {'bearer': 'open sesame'}}", "", """
                'api': {'source': {'http-server': '/api'}, 'steps': [{'reply': 'in'}], 'sink': 'discard'}
                """)) {
            assertThat(service.get("/api").statusCode()).isEqualTo(401);
            assertThat(service.send(service.request("/api").header("authorization", "Bearer open sesame"))
                            .body())
                    .isEqualTo("in");
        }
    }
}
