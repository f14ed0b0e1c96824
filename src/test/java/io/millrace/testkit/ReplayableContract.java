package io.millrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.spi.ExactJson;
import io.millrace.spi.Failure;
import io.millrace.spi.Records;
import io.millrace.spi.Replayable;
import io.millrace.spi.Source;
import io.millrace.spi.SourceType;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What every {@link Replayable} has to keep: whatever was read, a source that is made anew goes on behind any record, reads any piece
 * again, and yields the same values, positions, failures and tokens. Cuts and pieces are random, from a fixed seed.
 */
public final class ReplayableContract {
    private static final int ROUNDS = 20;

    /** All that must be the same when a record is read again. */
    private record Seen(
            String value, long position, @Nullable String failure, String token) {
        static Seen of(Records.Entry entry) {
            Failure failure = entry.failure();
            return new Seen(
                    entry.value().toString(),
                    entry.position(),
                    failure == null ? null : failure.message(),
                    String.valueOf(entry.token()));
        }
    }

    private final TestAssembly assembly;
    private final SourceType type;
    private final String settings;
    private final Vertx vertx;
    private final Random random = new Random(4);

    private ReplayableContract(TestAssembly assembly, SourceType type, String settings) {
        this.assembly = assembly;
        this.type = type;
        this.settings = settings;
        this.vertx = assembly.vertx();
    }

    /** Checks all of it; the source must yield something. */
    public static void check(TestAssembly assembly, SourceType type, String settings) {
        ReplayableContract contract = new ReplayableContract(assembly, type, settings);
        assertThat(type.spec().replayable(assembly.settings(type.spec(), settings)))
                .isTrue();
        List<Seen> all = contract.fresh(source -> contract.drain(source));
        contract.namesEachRecord(all);
        contract.yieldsTheSameWithoutTokens(all);
        contract.goesOnBehindAnyRecord(all);
        contract.goesBackWhileReading(all);
        contract.readsPiecesAgain(all);
        contract.isUnchanged(all);
    }

    /** The tokens of all records, in order. */
    public static List<JsonNode> tokens(TestAssembly assembly, SourceType type, String settings) {
        ReplayableContract contract = new ReplayableContract(assembly, type, settings);
        return contract.fresh(source -> contract.drain(source)).stream()
                .map(seen -> parsed(seen.token()))
                .toList();
    }

    /** The records behind that token, as JSON texts; null: all of them. */
    public static List<String> rest(TestAssembly assembly, SourceType type, String settings, @Nullable JsonNode after) {
        ReplayableContract contract = new ReplayableContract(assembly, type, settings);
        return contract.fresh(source -> {
            contract.call(() -> source.resume(after));
            return contract.drain(source).stream().map(Seen::value).toList();
        });
    }

    /** The records of that piece, as JSON texts. */
    public static List<String> piece(
            TestAssembly assembly, SourceType type, String settings, JsonNode first, JsonNode last) {
        ReplayableContract contract = new ReplayableContract(assembly, type, settings);
        return contract.fresh(source -> {
            contract.call(() -> source.replay(first, last));
            return contract.drain(source).stream().map(Seen::value).toList();
        });
    }

    /** The fingerprint, as it comes back from where it was kept. */
    public static ObjectNode fingerprint(TestAssembly assembly, SourceType type, String settings) {
        ReplayableContract contract = new ReplayableContract(assembly, type, settings);
        return contract.fresh(
                source -> (ObjectNode) parsed(contract.call(source::fingerprint).toString()));
    }

    /** What has changed since. */
    public static Optional<String> changed(
            TestAssembly assembly, SourceType type, String settings, ObjectNode then, @Nullable JsonNode lowest) {
        ReplayableContract contract = new ReplayableContract(assembly, type, settings);
        return contract.fresh(source -> contract.call(() -> source.changed(then, lowest)));
    }

    private void namesEachRecord(List<Seen> all) {
        Set<String> tokens = new HashSet<>();
        all.forEach(seen -> tokens.add(seen.token()));

        assertThat(all).isNotEmpty();
        assertThat(tokens).hasSameSizeAs(all).doesNotContain("null");
    }

    private void yieldsTheSameWithoutTokens(List<Seen> all) {
        List<Records.Entry> plain = Drain.all(vertx, assembly.source(type, settings), 7);

        assertThat(plain).extracting(Records.Entry::token).containsOnlyNulls();
        assertThat(plain.stream().map(e -> e.value().toString())).containsExactlyElementsOf(values(all));
    }

    private void goesOnBehindAnyRecord(List<Seen> all) {
        for (int cut : cuts(all)) {
            List<Seen> rest = fresh(source -> {
                call(() -> source.resume(token(all, cut)));
                return drain(source);
            });
            same(rest, all.subList(cut + 1, all.size()), "behind " + all.get(cut));
        }
    }

    /** The ends, some bad records, and others. */
    private List<Integer> cuts(List<Seen> all) {
        List<Integer> cuts = new ArrayList<>(List.of(0, all.size() - 1));
        IntStream.range(0, all.size())
                .filter(i -> all.get(i).failure() != null)
                .limit(ROUNDS)
                .forEach(cuts::add);
        random.ints(ROUNDS, 0, all.size()).forEach(cuts::add);
        return cuts;
    }

    private void goesBackWhileReading(List<Seen> all) {
        fresh(source -> {
            for (int round = 0; round < ROUNDS; round++) {
                int cut = random.nextInt(all.size());
                call(() -> source.resume(token(all, cut)));
                same(some(source), head(all, cut + 1), "behind " + all.get(cut));
            }
            call(() -> source.resume(null));
            return same(drain(source), all, "from the beginning");
        });
    }

    private List<Seen> head(List<Seen> all, int from) {
        return all.subList(from, Math.min(all.size(), from + 3));
    }

    /** Pieces in the order of the source, then on behind the last; and pieces in any order. */
    private void readsPiecesAgain(List<Seen> all) {
        for (int round = 0; round < ROUNDS; round++) {
            boolean inOrder = round % 2 == 0;
            fresh(source -> {
                int from = 0;
                for (int piece = 0; piece < 4 && from < all.size(); piece++) {
                    int first = inOrder ? from + random.nextInt(all.size() - from) : random.nextInt(all.size());
                    int last = first + random.nextInt(Math.min(40, all.size() - first));
                    call(() -> source.replay(token(all, first), token(all, last)));
                    same(drain(source), all.subList(first, last + 1), all.get(first) + " to " + all.get(last));
                    call(() -> source.replay(token(all, last), token(all, last)));
                    same(drain(source), all.subList(last, last + 1), "once more " + all.get(last));
                    from = last + 1;
                }
                int behind = random.nextBoolean() ? from - 1 : random.nextInt(all.size());
                call(() -> source.resume(token(all, behind)));
                return same(drain(source), all.subList(behind + 1, all.size()), "behind " + all.get(behind));
            });
        }
    }

    private void isUnchanged(List<Seen> all) {
        ObjectNode then = fingerprint(assembly, type, settings);

        assertThat(fingerprint(assembly, type, settings)).isEqualTo(then);
        ObjectNode asMade = fresh(source -> call(source::fingerprint));
        assertThat(asMade).isEqualTo(then);
        assertThat(changed(assembly, type, settings, then, null)).isEmpty();
        assertThat(changed(assembly, type, settings, then, token(all, all.size() / 2)))
                .isEmpty();
    }

    /** Tells the first that differs: the lists are long. */
    private static boolean same(List<Seen> actual, List<Seen> expected, String what) {
        for (int i = 0; i < Math.min(actual.size(), expected.size()); i++) {
            assertThat(actual.get(i)).as(what).isEqualTo(expected.get(i));
        }
        assertThat(actual).as(what).hasSameSizeAs(expected);
        return true;
    }

    /** As a token comes back from where it was kept. */
    private static JsonNode token(List<Seen> all, int index) {
        return parsed(all.get(index).token());
    }

    private static JsonNode parsed(String json) {
        try {
            return ExactJson.WHOLE.readTree(json);
        } catch (JsonProcessingException e) {
            throw new AssertionError(json, e);
        }
    }

    private static List<String> values(List<Seen> all) {
        return all.stream().map(Seen::value).toList();
    }

    /** Makes the source anew, as another process does. */
    private <T> T fresh(Function<Replayable, T> use) {
        Source source = assembly.source(type, settings);
        assertThat(source).isInstanceOf(Replayable.class);
        Await.onLoop(vertx, source::open);
        T result = use.apply((Replayable) source);
        Await.onLoop(vertx, source::close);
        return result;
    }

    private <T> T call(Supplier<Future<T>> call) {
        return Await.onLoop(vertx, call);
    }

    /** Reads to the end, with random room. */
    private List<Seen> drain(Source source) {
        List<Seen> seen = new ArrayList<>();
        boolean more = true;
        while (more) {
            Records records = new Records(1 + random.nextInt(300), true);
            more = call(() -> source.read(records));
            records.entries().forEach(entry -> seen.add(Seen.of(entry)));
        }
        return seen;
    }

    /** Up to three records. */
    private List<Seen> some(Source source) {
        List<Seen> seen = new ArrayList<>();
        boolean more = true;
        while (more && seen.size() < 3) {
            Records records = new Records(3 - seen.size(), true);
            more = Objects.requireNonNull(call(() -> source.read(records)));
            records.entries().forEach(entry -> seen.add(Seen.of(entry)));
        }
        return seen;
    }
}
