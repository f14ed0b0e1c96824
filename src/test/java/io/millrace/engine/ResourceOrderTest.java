package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.spi.Assembly;
import io.millrace.spi.Failure;
import io.millrace.spi.Field;
import io.millrace.spi.Resource;
import io.millrace.spi.ResourceType;
import io.millrace.spi.Settings;
import io.millrace.spi.Spec;
import io.millrace.spi.Types;
import io.millrace.testkit.Millrace;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Resources are opened in the order of the flow, and closed in reverse. */
class ResourceOrderTest {
    @TempDir
    private Path directory;

    private final List<String> seen = new CopyOnWriteArrayList<>();

    @Test
    void closes_in_reverse_order_after_the_last_item() {
        var run = run("""
                {"resources": {"a": {"probe": "first"}, "b": {"probe": "${$resources.a.said} second"}},
                 "source": {"values": ["${$resources.b.said}"]}}
                """);

        assertThat(run.out()).isEqualTo("{\"value\":\"first second\"}\n");
        assertThat(seen).containsExactly("open first", "open first second", "close first second", "close first");
    }

    @Test
    void closes_what_is_open_when_the_next_cannot_be_opened() {
        var run = run("""
                {"resources": {"a": {"probe": "first"}, "b": {"probe": "broken"}, "c": {"probe": "third"}},
                 "source": {"values": ["${$resources.c.said}"]}}
                """);

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.result().reason()).isEqualTo("resource \"b\": it is broken");
        assertThat(seen).containsExactly("open first", "close first");
    }

    private Millrace.Outcome run(String flow) {
        try (Millrace millrace = new Millrace(
                directory, () -> Future.failedFuture("no database"), List.of(() -> List.of(new Probe())))) {
            return millrace.start(flow).await();
        }
    }

    /** Notes when it is opened and closed. */
    private final class Probe implements ResourceType {
        private final Field<String> say =
                Field.of("say", Types.string(), "What to note.").required();
        private final Spec spec = Spec.resource("probe", "Notes.").main(say).done();

        @Override
        public Spec spec() {
            return spec;
        }

        @Override
        public Resource build(Settings settings, Assembly assembly) {
            String said = settings.get(say);
            return new Resource() {
                @Override
                public Future<ObjectNode> open() {
                    if (said.equals("broken")) {
                        return Future.failedFuture(Failure.badData("it is broken"));
                    }
                    seen.add("open " + said);
                    return Future.succeededFuture(
                            JsonNodeFactory.instance.objectNode().put("said", said));
                }

                @Override
                public Future<Void> close() {
                    seen.add("close " + said);
                    return Future.succeededFuture();
                }
            };
        }
    }
}
