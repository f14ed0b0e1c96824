package io.millrace.connect.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.millrace.spi.Appending;
import io.millrace.spi.Encoded;
import io.millrace.spi.Expressions;
import io.millrace.spi.Failure;
import io.millrace.spi.FileState;
import io.millrace.spi.Variables;
import io.millrace.testkit.Await;
import io.millrace.testkit.TestAssembly;
import io.millrace.testkit.TestJson;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sinks into files as a durable run uses them. */
class DurableFilesTest {
    @TempDir
    Path folder;

    private static final Vertx vertx = Vertx.vertx();
    private final Map<String, FileState> kept = new TreeMap<>();
    private TestAssembly assembly = new TestAssembly(vertx);

    @BeforeEach
    void inFolder() {
        assembly = new TestAssembly(vertx).in(folder);
    }

    @AfterAll
    static void close() {
        Await.get(vertx.close());
    }

    private Appending sink(FileSink type, String settings) {
        Appending sink = (Appending) assembly.sink(type, settings);
        Await.onLoop(vertx, () -> sink.resume(List.copyOf(kept.values())));
        return sink;
    }

    private Failure refusedResuming(FileSink type, String settings) {
        Appending sink = (Appending) assembly.sink(type, settings);
        Throwable thrown = catchThrowable(() -> Await.onLoop(vertx, () -> sink.resume(List.copyOf(kept.values()))));
        crash(sink);
        return (Failure) thrown;
    }

    private List<Encoded> encoded(Appending sink, String... documents) {
        return Stream.of(documents)
                .map(document -> sink.encode(TestJson.object(document), Variables.NONE))
                .toList();
    }

    private Map<Integer, Failure> append(Appending sink, List<FileState> states, String... documents) {
        Map<Integer, Failure> refused = new TreeMap<>();
        states.addAll(Await.onLoop(vertx, () -> sink.append(encoded(sink, documents), refused::put)));
        return refused;
    }

    /** Appends, and the store keeps it. */
    private Map<Integer, Failure> commit(Appending sink, String... documents) {
        List<FileState> states = new ArrayList<>();
        Map<Integer, Failure> refused = append(sink, states, documents);
        keep(states);
        Await.onLoop(vertx, sink::committed);
        return refused;
    }

    private void keep(List<FileState> states) {
        states.forEach(state -> kept.put(state.path(), state));
    }

    /** As far as one process can: the sink forgets, what it wrote stays. */
    private void crash(Appending sink) {
        Await.onLoop(vertx, () -> sink.close(false));
    }

    private void seal(Appending sink) {
        Await.onLoop(vertx, sink::seal);
        Await.onLoop(vertx, () -> sink.close(true));
    }

    private String text(String path) {
        try {
            return Files.readString(folder.resolve(path));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void what_was_kept_is_there_after_a_crash_and_what_was_not_is_cut_off() {
        Appending first = sink(FileSink.JSONL, "'out.jsonl'");
        commit(first, "{a: 1}", "{a: 2}");
        append(first, new ArrayList<>(), "{lost: 1}");
        crash(first);

        Appending second = sink(FileSink.JSONL, "'out.jsonl'");
        commit(second, "{a: 3}");
        boolean early = Files.exists(folder.resolve("out.jsonl"));
        seal(second);

        assertThat(early).isFalse();
        assertThat(text("out.jsonl")).isEqualTo("{\"a\":1}\n{\"a\":2}\n{\"a\":3}\n");
        assertThat(folder.resolve("out.jsonl.part")).doesNotExist();
    }

    @Test
    void a_commit_that_was_not_kept_is_taken_back() {
        Appending sink = sink(FileSink.CSV, "'out/${.town}.csv'");
        commit(sink, "{town: 'Bonn', n: 1}");

        append(sink, new ArrayList<>(), "{town: 'Bonn', n: 2}", "{town: 'Ulm', n: 3}");
        Await.onLoop(vertx, sink::rollback);
        boolean begun = Files.exists(folder.resolve("out/Ulm.csv.part"));
        commit(sink, "{town: 'Ulm', n: 4}", "{town: 'Bonn', n: 5}");
        seal(sink);

        assertThat(begun).isFalse();
        assertThat(text("out/Bonn.csv")).isEqualTo("town,n\nBonn,1\nBonn,5\n");
        assertThat(text("out/Ulm.csv")).isEqualTo("town,n\nUlm,4\n");
    }

    @Test
    void a_file_that_nothing_came_for_is_there_in_the_end() throws IOException {
        Appending sink = sink(FileSink.JSONL, "'none.jsonl.gz'");
        commit(sink);
        seal(sink);
        crash(sink(FileSink.JSONL, "'none.jsonl.gz'"));

        try (var in = new java.util.zip.GZIPInputStream(Files.newInputStream(folder.resolve("none.jsonl.gz")))) {
            assertThat(in.readAllBytes()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"replace", "new"})
    void sealing_goes_on_after_a_crash_in_its_midst_and_may_be_repeated(String mode) throws IOException {
        String settings = "{path: '${.f}.jsonl', mode: '" + mode + "'}";
        Appending first = sink(FileSink.JSONL, settings);
        commit(first, "{f: 'a'}", "{f: 'b'}");
        crash(first);
        Files.move(folder.resolve("a.jsonl.part"), folder.resolve("a.jsonl"));

        seal(sink(FileSink.JSONL, settings));
        seal(sink(FileSink.JSONL, settings));

        assertThat(text("a.jsonl")).isEqualTo("{\"f\":\"a\"}\n");
        assertThat(text("b.jsonl")).isEqualTo("{\"f\":\"b\"}\n");
        assertThat(folder.resolve("b.jsonl.part")).doesNotExist();
    }

    @Test
    void a_file_that_is_missing_or_shorter_or_ends_otherwise_is_not_gone_on_with() throws IOException {
        Appending first = sink(FileSink.JSONL, "'out.jsonl'");
        commit(first, "{a: 1}", "{a: 2}");
        crash(first);
        Path part = folder.resolve("out.jsonl.part");
        byte[] good = Files.readAllBytes(part);

        Files.writeString(part, "{\"a\":1}\n{\"a\":3}\n");
        Failure altered = refusedResuming(FileSink.JSONL, "'out.jsonl'");
        Files.writeString(part, "{\"a\":1}\n");
        Failure shorter = refusedResuming(FileSink.JSONL, "'out.jsonl'");
        Files.delete(part);
        Failure missing = refusedResuming(FileSink.JSONL, "'out.jsonl'");
        Files.writeString(folder.resolve("out.jsonl"), "something else\n");
        Failure another = refusedResuming(FileSink.JSONL, "'out.jsonl'");
        Files.write(part, good);

        String mend = " The run has counted on it: put the file back as it was, or begin anew with --fresh.";
        assertThat(altered)
                .hasMessage("cannot go on with " + part
                        + ": the 16 bytes before the kept length of 16 are not those that were written." + mend);
        assertThat(shorter).hasMessage("cannot go on with " + part + ": it has 8 bytes, and 16 were kept." + mend);
        assertThat(missing).hasMessage("cannot go on with " + part + ": it is missing." + mend);
        assertThat(another).hasMessage(missing.message());
        assertThat(missing.retryable()).isFalse();
        seal(sink(FileSink.JSONL, "'out.jsonl'"));
        assertThat(text("out.jsonl")).isEqualTo("{\"a\":1}\n{\"a\":2}\n");
    }

    @Test
    void a_change_far_before_the_end_is_not_looked_for_and_one_in_the_last_64_kb_is() throws IOException {
        String line = "{a: '" + "x".repeat(1000) + "'}";
        Appending first = sink(FileSink.JSONL, "'out.jsonl'");
        commit(first, IntStream.range(0, 200).mapToObj(i -> line).toArray(String[]::new));
        crash(first);
        Path part = folder.resolve("out.jsonl.part");
        byte[] bytes = Files.readAllBytes(part);

        bytes[bytes.length - 65_537] ^= 1;
        Files.write(part, bytes);
        crash(sink(FileSink.JSONL, "'out.jsonl'"));
        bytes[bytes.length - 65_536] ^= 1;
        Files.write(part, bytes);
        Failure refused = refusedResuming(FileSink.JSONL, "'out.jsonl'");

        assertThat(refused).hasMessageContaining("the 65536 bytes before the kept length of ");
    }

    @Test
    void a_header_is_written_once_and_later_processes_know_its_columns() {
        for (String path : List.of("out.csv", "out.csv.gz")) {
            kept.clear();
            Appending first = sink(FileSink.CSV, "'" + path + "'");
            commit(first, "{id: 1, name: 'a'}");
            crash(first);

            Appending second = sink(FileSink.CSV, "'" + path + "'");
            Map<Integer, Failure> refused = commit(second, "{name: 'b', id: 2}", "{id: 3, other: 1}");
            seal(second);

            assertThat(refused).containsOnlyKeys(1);
            assertThat(refused.get(1)).hasMessageContaining("\"other\" is no column of this file, which has id, name");
        }
        assertThat(text("out.csv")).isEqualTo("id,name\n1,a\n2,b\n");
    }

    @Test
    void a_header_of_chosen_columns_is_kept_with_a_file_that_has_no_rows_yet() {
        Appending first = sink(FileSink.CSV, "{path: 'out.csv', columns: ['id']}");
        commit(first);
        crash(first);

        Appending second = sink(FileSink.CSV, "{path: 'out.csv', columns: ['id']}");
        commit(second, "{id: 1}");
        seal(second);

        assertThat(text("out.csv")).isEqualTo("id\n1\n");
    }

    @Test
    void csv_without_header_and_columns_is_refused_since_nothing_would_tell_its_columns_later() {
        assertThat(refusedResuming(FileSink.CSV, "{path: 'out.csv', header: false}"))
                .hasMessage("cannot write out.csv in a durable run: a file without a header does not tell which columns"
                        + " it has: set \"columns\"");
    }

    @Test
    void a_full_file_gets_its_name_once_it_is_kept_and_numbers_go_on_in_another_process() {
        String settings = "{path: 'out.jsonl', roll: {size: '16B'}}";
        Appending first = sink(FileSink.JSONL, settings);
        List<FileState> states = new ArrayList<>();
        append(first, states, "{a: 1}", "{a: 2}", "{a: 3}");
        boolean early = Files.exists(folder.resolve("out-0001.jsonl"));
        keep(states);
        crash(first); // before its name was given

        Appending second = sink(FileSink.JSONL, settings);
        boolean named = Files.exists(folder.resolve("out-0001.jsonl"));
        commit(second, "{a: 4}", "{a: 5}", "{a: 6}", "{a: 7}");
        Await.onLoop(vertx, () -> second.append(encoded(second, "{a: 8}", "{a: 9}"), (index, failure) -> {}));
        Await.onLoop(vertx, second::rollback);
        commit(second, "{a: 8}", "{a: 9}");
        seal(second);

        assertThat(early).isFalse();
        assertThat(named).isTrue();
        assertThat(text("out-0001.jsonl")).isEqualTo("{\"a\":1}\n{\"a\":2}\n");
        assertThat(text("out-0002.jsonl")).isEqualTo("{\"a\":3}\n{\"a\":4}\n");
        assertThat(text("out-0003.jsonl")).isEqualTo("{\"a\":5}\n{\"a\":6}\n");
        assertThat(text("out-0004.jsonl")).isEqualTo("{\"a\":7}\n{\"a\":8}\n");
        assertThat(text("out-0005.jsonl")).isEqualTo("{\"a\":9}\n");
        assertThat(folder.resolve("out-0006.jsonl.part")).doesNotExist();
    }

    @Test
    void each_of_many_files_that_a_commit_fills_is_known_to_be_complete() {
        Appending sink = sink(FileSink.JSONL, "{path: 'out/${.n}.jsonl', roll: {size: 1}}");

        commit(sink, IntStream.range(0, 100).mapToObj(i -> "{n: " + i + "}").toArray(String[]::new));
        crash(sink);

        assertThat(kept).hasSize(100);
        assertThat(kept.values()).allMatch(FileState::complete);
        assertThat(text("out/7-0001.jsonl")).isEqualTo("{\"n\":7}\n");
    }

    @Test
    void a_finished_file_that_was_carried_off_is_not_missed() throws IOException {
        String settings = "{path: 'out.jsonl', roll: {size: 1}}";
        Appending first = sink(FileSink.JSONL, settings);
        commit(first, "{a: 1}");
        crash(first);
        Files.delete(folder.resolve("out-0001.jsonl"));

        Appending second = sink(FileSink.JSONL, settings);
        commit(second, "{a: 2}");
        seal(second);

        assertThat(folder.resolve("out-0001.jsonl")).doesNotExist();
        assertThat(text("out-0002.jsonl")).isEqualTo("{\"a\":2}\n");
    }

    @Test
    void a_file_is_completed_by_its_age_though_nothing_comes() {
        Appending sink = sink(FileSink.JSONL, "{path: 'out/x.jsonl', roll: {time: '1ms'}}");
        commit(sink, "{a: 1}");

        while (Stream.of(folder.resolve("out").toFile().list()).anyMatch(name -> name.endsWith(".part"))) {
            commit(sink);
        }

        assertThat(sink.ageing()).contains(java.time.Duration.ofMillis(1));
        String last = Stream.of(folder.resolve("out").toFile().list()).sorted().reduce("", (before, name) -> name);
        assertThat(text("out/" + last)).isEqualTo("{\"a\":1}\n");
        seal(sink);
    }

    @Test
    void two_hundred_paths_in_one_commit() throws IOException {
        Appending first = sink(FileSink.JSONL, "'out/${.n % 200}/x.jsonl'");
        String[] documents =
                IntStream.range(0, 1000).mapToObj(i -> "{n: " + i + "}").toArray(String[]::new);

        commit(first, documents);
        crash(first);
        Appending second = sink(FileSink.JSONL, "'out/${.n % 200}/x.jsonl'");
        commit(second, documents);
        seal(second);

        assertThat(kept).hasSize(200);
        for (int i = 0; i < 200; i++) {
            String once = "{\"n\":%d}\n{\"n\":%d}\n{\"n\":%d}\n{\"n\":%d}\n{\"n\":%d}\n"
                    .formatted(i, i + 200, i + 400, i + 600, i + 800);
            assertThat(text("out/" + i + "/x.jsonl")).isEqualTo(once + once);
        }
    }

    @Test
    void a_path_that_cannot_be_written_refuses_its_items_alone() throws IOException {
        Files.createDirectories(folder.resolve("out/taken.jsonl"));
        Appending sink = sink(FileSink.JSONL, "'out/${.f}.jsonl'");

        Map<Integer, Failure> refused = commit(sink, "{f: 'taken'}", "{f: 'a'}", "{f: 'taken'}");
        Throwable outside = catchThrowable(() -> sink.encode(TestJson.object("{f: '../../x'}"), Variables.NONE));
        seal(sink);

        assertThat(refused).containsOnlyKeys(0, 2);
        assertThat(refused.get(0)).hasMessage("cannot write out/taken.jsonl: it is a directory");
        assertThat(outside).isInstanceOf(Failure.class);
        assertThat(text("out/a.jsonl")).isEqualTo("{\"f\":\"a\"}\n");
    }

    @Test
    void a_durable_run_appends_only_to_files_of_its_own() throws IOException {
        Files.writeString(folder.resolve("log.jsonl"), "old\n");
        Failure refused = refusedResuming(FileSink.JSONL, "{path: 'log.jsonl', mode: 'append'}");
        Files.delete(folder.resolve("log.jsonl"));

        Appending first = sink(FileSink.JSONL, "{path: 'log.jsonl', mode: 'append'}");
        commit(first, "{a: 1}");
        String early = text("log.jsonl");
        crash(first);
        Appending second = sink(FileSink.JSONL, "{path: 'log.jsonl', mode: 'append'}");
        commit(second, "{a: 2}");
        seal(second);

        assertThat(refused)
                .hasMessage(
                        "cannot write log.jsonl: it exists already, and a durable run appends to no file that it has"
                                + " not begun itself. Move it away, or set another \"mode\"");
        assertThat(early).isEqualTo("{\"a\":1}\n");
        assertThat(text("log.jsonl")).isEqualTo("{\"a\":1}\n{\"a\":2}\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"append", "new", "replace"})
    void a_file_written_in_place_that_was_begun_and_never_kept_is_in_nobodys_way(String mode) {
        assembly.neverEnding();
        String settings = "{path: 'log.jsonl', mode: '" + mode + "'}";
        Appending first = sink(FileSink.JSONL, settings);
        append(first, new ArrayList<>(), "{lost: 1}");
        crash(first);
        Appending second = sink(FileSink.JSONL, settings);
        List<FileState> states = new ArrayList<>();
        append(second, states, "{a: 1}");
        keep(states);
        crash(second); // before it got its name

        Appending third = sink(FileSink.JSONL, settings);
        String resumed = text("log.jsonl");
        commit(third, "{a: 2}");

        assertThat(resumed).isEqualTo("{\"a\":1}\n");
        assertThat(text("log.jsonl")).isEqualTo("{\"a\":1}\n{\"a\":2}\n");
    }

    @Test
    void new_refuses_a_file_that_is_there_and_goes_on_with_its_own() throws IOException {
        Appending first = sink(FileSink.JSONL, "{path: 'out.jsonl', mode: 'new'}");
        commit(first, "{a: 1}");
        crash(first);
        seal(sink(FileSink.JSONL, "{path: 'out.jsonl', mode: 'new'}"));
        kept.clear();

        assertThat(refusedResuming(FileSink.JSONL, "{path: 'out.jsonl', mode: 'new'}"))
                .hasMessage("cannot write out.jsonl: it exists already");
        assertThat(text("out.jsonl")).isEqualTo("{\"a\":1}\n");
    }

    @Test
    void what_cannot_be_taken_back_is_not_written_to() {
        assertThat(refusedResuming(FileSink.JSONL, "'/dev/null'"))
                .hasMessageContaining(
                        "it is no regular file, so what a durable run writes there could not be taken back");
    }

    @Test
    void behind_an_endless_source_a_file_is_written_in_place() {
        assembly.neverEnding();
        Appending first = sink(FileSink.JSONL, "'out.jsonl'");
        commit(first, "{a: 1}");
        append(first, new ArrayList<>(), "{lost: 1}");
        crash(first);
        commit(sink(FileSink.JSONL, "'out.jsonl'"), "{a: 2}");

        assertThat(text("out.jsonl")).isEqualTo("{\"a\":1}\n{\"a\":2}\n");
    }

    @Test
    void a_full_disk_leaves_all_as_it_was_and_the_same_can_be_appended_later() throws Exception {
        AtomicReference<@Nullable String> trouble = new AtomicReference<>();
        DurableWork work = work(trouble);
        keep(work.append(List.of(chunk(work, "{f: 'a', n: 1}"))).states());
        work.keep();

        trouble.set("No space left on device");
        Throwable full = catchThrowable(
                () -> work.append(List.of(chunk(work, "{f: 'a', n: 2}"), chunk(work, "{f: 'b', n: 3}"))));
        String meanwhile = text("a.jsonl.part");
        boolean begun = Files.exists(folder.resolve("b.jsonl.part"));
        trouble.set(null);
        work.append(List.of(chunk(work, "{f: 'a', n: 2}"), chunk(work, "{f: 'b', n: 3}")));
        work.keep();
        work.seal();

        assertThat(full).isInstanceOf(Failure.class).hasMessage("cannot write ${.f}.jsonl: No space left on device");
        assertThat(((Failure) full).retryable()).isTrue();
        assertThat(meanwhile).isEqualTo("{\"f\":\"a\",\"n\":1}\n");
        assertThat(begun).isFalse();
        assertThat(text("a.jsonl")).isEqualTo("{\"f\":\"a\",\"n\":1}\n{\"f\":\"a\",\"n\":2}\n");
        assertThat(text("b.jsonl")).isEqualTo("{\"f\":\"b\",\"n\":3}\n");
    }

    @Test
    void after_a_failed_force_nothing_more_is_written_and_a_resumed_run_goes_on() throws Exception {
        AtomicReference<@Nullable String> trouble = new AtomicReference<>();
        DurableWork work = work(trouble);
        keep(work.append(List.of(chunk(work, "{f: 'a', n: 1}"))).states());
        work.keep();

        trouble.set("Input/output error");
        Throwable failed = catchThrowable(() -> work.append(List.of(chunk(work, "{f: 'a', n: 2}"))));
        trouble.set(null);
        Throwable again = catchThrowable(() -> work.append(List.of(chunk(work, "{f: 'a', n: 2}"))));
        work.release();
        Appending second = sink(FileSink.JSONL, "'${.f}.jsonl'");
        commit(second, "{f: 'a', n: 2}");
        seal(second);

        assertThat(((Failure) failed).retryable()).isFalse();
        assertThat(again).isSameAs(failed);
        assertThat(text("a.jsonl")).isEqualTo("{\"f\":\"a\",\"n\":1}\n{\"f\":\"a\",\"n\":2}\n");
    }

    private Chunk chunk(DurableWork work, String document) {
        return (Chunk) work.encode(TestJson.object(document), Variables.NONE);
    }

    /** On a disk that has this trouble whenever it is to force something. */
    private DurableWork work(AtomicReference<@Nullable String> trouble) throws Expressions.BadExpression {
        Disk disk = new Disk() {
            @Override
            public void force(FileChannel channel) throws IOException {
                String message = trouble.get();
                if (message != null) {
                    throw new IOException(message);
                }
            }
        };
        PathTemplate path = PathTemplate.of(assembly.expressions().template(TestJson.read("'${.f}.jsonl'")), assembly);
        DurableFiles files =
                new DurableFiles(Mode.REPLACE, false, Roll.NEVER, () -> JsonEncoder.INSTANCE, disk, path::shown);
        return new DurableWork(path, files, JsonEncoder.INSTANCE);
    }

    @Test
    void a_file_that_is_cut_while_it_is_written_ends_the_run() throws IOException {
        Appending sink = sink(FileSink.JSONL, "'out.jsonl'");
        commit(sink, "{a: 1}");
        try (FileChannel other = FileChannel.open(folder.resolve("out.jsonl.part"), StandardOpenOption.WRITE)) {
            other.truncate(3);
        }

        Throwable thrown = catchThrowable(() -> append(sink, new ArrayList<>(), "{a: 2}"));

        assertThat(thrown).hasMessage("cannot write out.jsonl: somebody has cut it");
        assertThat(((Failure) thrown).retryable()).isFalse();
        crash(sink);
    }

    @Test
    void what_a_document_holds_is_counted() {
        Appending lines = sink(FileSink.JSONL, "'a.jsonl'");
        Appending rows = sink(FileSink.CSV, "'a.csv'");
        String document = "{a: '" + "x".repeat(1000) + "'}";

        assertThat(encoded(lines, document).get(0).bytes()).isBetween(1000L, 1200L);
        assertThat(encoded(rows, document).get(0).bytes()).isBetween(1000L, 2500L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"replace", "new"})
    void a_file_that_has_its_name_grows_when_dead_letters_come_back(String mode) {
        String settings = "{\"path\": \"a.csv\", \"mode\": \"" + mode + "\"}";
        Appending sink = sink(FileSink.CSV, settings);
        commit(sink, "{\"n\": 1, \"m\": 2}");
        seal(sink);

        Appending again = sink(FileSink.CSV, settings);
        commit(again, "{\"m\": 4, \"n\": 3}");
        assertThat(folder.resolve("a.csv")).doesNotExist();
        seal(again);

        assertThat(text("a.csv")).isEqualTo("n,m\n1,2\n3,4\n");
        assertThat(folder.resolve("a.csv.part")).doesNotExist();
    }

    @Test
    void what_was_added_to_a_file_with_its_name_and_not_kept_is_cut_off() {
        Appending sink = sink(FileSink.JSONL, "\"a.jsonl\"");
        commit(sink, "{\"n\": 1}");
        seal(sink);

        Appending crashed = sink(FileSink.JSONL, "\"a.jsonl\"");
        append(crashed, new ArrayList<>(), "{\"n\": 2}");
        crash(crashed);
        Appending again = sink(FileSink.JSONL, "\"a.jsonl\"");
        commit(again, "{\"n\": 3}");
        seal(again);

        assertThat(text("a.jsonl")).isEqualTo("{\"n\":1}\n{\"n\":3}\n");
    }

    @Test
    void an_empty_compressed_file_with_its_name_grows_too() throws IOException {
        Appending sink = sink(FileSink.JSONL, "\"a.jsonl.gz\"");
        commit(sink);
        seal(sink);

        Appending again = sink(FileSink.JSONL, "\"a.jsonl.gz\"");
        commit(again, "{\"n\": 1}");
        seal(again);

        try (InputStream lines = new GZIPInputStream(Files.newInputStream(folder.resolve("a.jsonl.gz")))) {
            assertThat(lines.readAllBytes()).asString().isEqualTo("{\"n\":1}\n");
        }
    }

    @Test
    void a_file_with_its_name_keeps_it_while_nothing_is_added() {
        Appending sink = sink(FileSink.JSONL, "\"a.jsonl\"");
        commit(sink, "{\"n\": 1}");
        seal(sink);

        Appending again = sink(FileSink.JSONL, "\"a.jsonl\"");
        commit(again);

        assertThat(text("a.jsonl")).isEqualTo("{\"n\":1}\n");
        seal(again);
        assertThat(text("a.jsonl")).isEqualTo("{\"n\":1}\n");
    }
}
