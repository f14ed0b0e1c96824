package io.millrace.connect.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.spi.Failure;
import io.millrace.spi.Resource;
import io.millrace.testkit.Await;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileServerTest {
    private final Web web = new Web();
    private final List<Resource> open = new ArrayList<>();

    @TempDir
    Path folder;

    @BeforeEach
    void write() throws Exception {
        Files.createDirectories(folder.resolve("site/sub"));
        Files.writeString(folder.resolve("secret.txt"), "secret");
        Files.writeString(folder.resolve("site/index.html"), "<p>gr\u00fc\u00df");
        Files.writeString(folder.resolve("site/data.json"), "{\"a\": 1}");
        Files.writeString(folder.resolve("site/.hidden"), "hidden");
        web.in(folder);
    }

    @AfterEach
    void close() {
        web.close();
        open.forEach(resource -> Await.get(resource.close()));
    }

    @Test
    void serves_a_folder_with_its_index_and_content_types() {
        String url = serve("{files: 'site'}").get("url").asText();

        JsonNode index = web.get(url + "/");
        JsonNode data = web.get(url + "/data.json");

        assertThat(index.get("body").asText()).isEqualTo("<p>gr\u00fc\u00df");
        assertThat(index.at("/headers/content-type").asText()).startsWith("text/html");
        assertThat(data.at("/body/a").asInt()).isEqualTo(1);
    }

    @Test
    void answers_404_for_what_is_not_there_hidden_or_outside() {
        String url = serve("{files: 'site'}").get("url").asText();

        for (String path : List.of(
                "/none.html", "/.hidden", "/sub/", "/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt")) {
            Failure failure = web.failure(web.step("{url: '" + url + path + "'}"));
            assertThat(failure.status()).as(path).isEqualTo(404);
        }
    }

    @Test
    void tells_where_it_listens() {
        JsonNode described = serve("{files: 'site'}");

        int port = described.get("port").asInt();
        assertThat(port).isPositive();
        assertThat(described.get("host").asText()).isEqualTo("127.0.0.1");
        assertThat(described.get("url").asText()).isEqualTo("http://127.0.0.1:" + port);
    }

    @Test
    void a_port_in_use_is_one_clear_error() {
        int port = serve("{}").get("port").asInt();

        Throwable failure = Await.failure(server("{port: " + port + "}").open());

        assertThat(failure)
                .hasMessage("port " + port + " of 127.0.0.1 is in use. Choose another \"port\", or 0 for a free one.");
    }

    @Test
    void a_folder_that_is_none_is_one_clear_error() {
        assertThat(Await.failure(server("{files: 'nowhere'}").open())).hasMessageContaining("is not a folder");
    }

    @Test
    void lets_in_only_who_signs_in() {
        String url = serve("{files: 'site', auth: {basic: {user: 'u', password: 'p'}}}")
                .get("url")
                .asText();
        Client known = web.client("{auth: {basic: {user: 'u', password: 'p'}}}");

        assertThat(web.failure(web.step("{url: '" + url + "'}")).status()).isEqualTo(401);
        assertThat(web.run(web.step(known, "{url: '" + url + "'}"), "{}")
                        .get("status")
                        .asInt())
                .isEqualTo(200);
    }

    @Test
    void routes_can_be_added_beside_the_folder() {
        FileServer server = server("{files: 'site'}");
        String url = Await.get(server.open()).get("url").asText();
        server.routes()
                .add("hooks", "/hook", List.of("GET"), at -> at.response().end("caught"));

        assertThat(web.get(url + "/hook").get("body").asText()).isEqualTo("caught");
        assertThat(web.get(url + "/data.json").get("status").asInt()).isEqualTo(200);
    }

    private JsonNode serve(String settings) {
        return Await.get(server(settings).open());
    }

    private FileServer server(String settings) {
        var type = new HttpConnector.ServerResource();
        FileServer server = (FileServer) type.build(web.assembly().settings(type.spec(), settings), web.assembly());
        open.add(server);
        return server;
    }
}
