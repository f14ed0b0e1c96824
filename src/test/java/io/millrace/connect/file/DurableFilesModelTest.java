package io.millrace.connect.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.spi.Appending;
import io.millrace.spi.Encoded;
import io.millrace.spi.FileState;
import io.millrace.spi.Variables;
import io.millrace.testkit.Await;
import io.millrace.testkit.TestAssembly;
import io.millrace.testkit.TestJson;
import io.vertx.core.Vertx;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random histories of a sink in a durable run, against a list of lines. A crash forgets the sink, loses any part of what no kept length covers, or
 * leaves rubbish there; it may come after the store has kept a commit of which the sink does not know, or while files get their names.
 * {@code -Dseeds=N} tries more.
 */
class DurableFilesModelTest {
    private static final int SEEDS = Integer.getInteger("seeds", 84);
    private static final List<String> SETTINGS = List.of(
            "jsonl 'out.jsonl'",
            "jsonl 'out.jsonl.gz'",
            "jsonl '${.n % 3}/out.jsonl'",
            "jsonl '${.n % 70}.jsonl'",
            "csv 'out.csv'",
            "csv 'out.csv.gz'",
            "csv {path: '${.n % 3}.csv', columns: ['n']}",
            "jsonl {path: 'out.jsonl', mode: 'append'}",
            "jsonl {path: 'out.jsonl', mode: 'new', roll: {size: 50}}",
            "jsonl {path: '${.n % 2}.jsonl.gz', roll: {size: 60}}",
            "jsonl {path: '${.n % 70}.jsonl', roll: {size: 20}}",
            "csv {path: 'out.csv', roll: {size: 20}}");

    @TempDir
    Path folder;

    private static final Vertx vertx = Vertx.vertx();

    @AfterAll
    static void close() {
        Await.get(vertx.close());
    }

    @Test
    void files_hold_what_was_kept_whatever_happens_and_nothing_else() throws IOException {
        for (int seed = 0; seed < SEEDS; seed++) {
            try {
                new History(seed).run();
            } catch (AssertionError | RuntimeException | IOException e) {
                throw new AssertionError("seed " + seed + " " + SETTINGS.get(seed % SETTINGS.size()), e);
            }
        }
    }

    private final class History {
        private final Random random;
        private final String[] settings;
        private final Path home;
        private final TestAssembly assembly;
        private final Map<String, FileState> kept = new HashMap<>();
        private final List<Integer> model = new ArrayList<>();
        private Appending sink;
        private int next;

        History(int seed) throws IOException {
            random = new Random(seed);
            settings = SETTINGS.get(seed % SETTINGS.size()).split(" ", 2);
            home = Files.createDirectory(folder.resolve("seed" + seed));
            assembly = new TestAssembly(vertx).in(home);
            sink = resumed();
        }

        private Appending resumed() {
            Appending made =
                    (Appending) assembly.sink(settings[0].equals("csv") ? FileSink.CSV : FileSink.JSONL, settings[1]);
            Await.onLoop(vertx, () -> made.resume(List.copyOf(kept.values())));
            return made;
        }

        void run() throws IOException {
            int steps = 1 + random.nextInt(12);
            for (int i = 0; i < steps; i++) {
                step();
            }
            step(List.of(), true);
            if (random.nextBoolean()) {
                crash();
                renameSome();
                sink = resumed();
            }
            Await.onLoop(vertx, sink::seal);
            Await.onLoop(vertx, () -> sink.close(true));
            if (random.nextBoolean()) {
                sink = resumed();
                Await.onLoop(vertx, sink::seal);
                Await.onLoop(vertx, () -> sink.close(true));
            }
            assertThat(found()).containsExactlyInAnyOrderElementsOf(model);
        }

        private void step() throws IOException {
            List<Integer> items = new ArrayList<>();
            int count = random.nextInt(random.nextInt(10) == 0 ? 200 : 8);
            for (int i = 0; i < count; i++) {
                items.add(next++);
            }
            step(items, false);
        }

        private void step(List<Integer> items, boolean mustBeKept) throws IOException {
            List<Encoded> chunks = items.stream()
                    .map(n -> sink.encode(TestJson.object("{n: " + n + "}"), Variables.NONE))
                    .toList();
            List<FileState> states = Await.onLoop(
                    vertx,
                    () -> sink.append(chunks, (index, failure) -> {
                        throw failure;
                    }));
            int fate = mustBeKept ? 0 : random.nextInt(6);
            if (fate < 4) {
                states.forEach(state -> kept.put(state.path(), state));
                model.addAll(items);
                readable(states);
            }
            switch (fate) {
                case 0, 1, 2 -> Await.onLoop(vertx, sink::committed);
                case 3, 4 -> {
                    crash();
                    damage();
                    sink = resumed();
                }
                default -> Await.onLoop(vertx, sink::rollback);
            }
        }

        private void crash() {
            Await.onLoop(vertx, () -> sink.close(false));
        }

        /** What no kept length covers is lost, or overwritten, or followed by rubbish. */
        private void damage() throws IOException {
            for (Path file : files()) {
                String name = file.toString().replaceAll("\\.part$", "");
                FileState state = kept.get(name);
                long from = state == null ? 0 : state.length();
                if (state != null && state.complete()) {
                    continue;
                }
                try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                    channel.truncate(from + random.nextLong(channel.size() - from + 1));
                    byte[] rubbish = new byte[random.nextInt(100)];
                    random.nextBytes(rubbish);
                    channel.write(ByteBuffer.wrap(rubbish), channel.size());
                }
            }
        }

        /** As if it had crashed in the midst of sealing. */
        private void renameSome() throws IOException {
            for (Path file : files()) {
                String name = file.toString().replaceAll("\\.part$", "");
                if (kept.containsKey(name) && !file.equals(Path.of(name)) && random.nextBoolean()) {
                    Files.move(file, Path.of(name));
                }
            }
        }

        private List<Path> files() throws IOException {
            try (Stream<Path> all = Files.walk(home)) {
                return all.filter(Files::isRegularFile).toList();
            }
        }

        /** Each kept prefix is a file of its own. */
        private void readable(List<FileState> states) throws IOException {
            for (FileState state : states) {
                Path part = Path.of(state.path() + ".part");
                byte[] bytes = Files.readAllBytes(Files.exists(part) ? part : Path.of(state.path()));
                String text = text(state.path(), Arrays.copyOf(bytes, (int) state.length()));
                assertThat(text).matches("(?s)|.*\n");
            }
        }

        private String text(String path, byte[] bytes) throws IOException {
            if (!path.endsWith(".gz") || bytes.length == 0) {
                return new String(bytes, StandardCharsets.UTF_8);
            }
            try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
                return new String(in.readAllBytes(), StandardCharsets.UTF_8);
            }
        }

        private List<Integer> found() throws IOException {
            List<Integer> found = new ArrayList<>();
            for (Path file : files()) {
                if (file.toString().endsWith(".part")) {
                    // Begun for a commit that was lost, and never touched again.
                    assertThat(kept).doesNotContainKey(file.toString().replaceAll("\\.part$", ""));
                    continue;
                }
                List<String> lines =
                        text(file.toString(), Files.readAllBytes(file)).lines().toList();
                if (settings[0].equals("csv") && !lines.isEmpty()) {
                    assertThat(lines.get(0)).isEqualTo("n");
                    lines = lines.subList(1, lines.size());
                }
                lines.forEach(line -> found.add(Integer.parseInt(line.replaceAll("[^0-9]", ""))));
                assertThat(found.subList(found.size() - lines.size(), found.size()))
                        .isSorted();
            }
            return found;
        }
    }
}
