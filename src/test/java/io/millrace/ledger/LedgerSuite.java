package io.millrace.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.spi.ExactJson;
import io.millrace.spi.StoreTransaction;
import io.millrace.testkit.Await;
import io.millrace.testkit.ModelStore.Cut;
import io.vertx.core.Future;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What suites for ledgers need. Each test has a flow of its own, so that a store can be shared. */
public abstract class LedgerSuite {
    protected final String flow = UUID.randomUUID().toString();
    protected LedgerBench bench;

    protected abstract LedgerBench open();

    @BeforeEach
    void openBench() {
        bench = open();
    }

    @AfterEach
    void closeBench() {
        bench.close();
    }

    protected final Ledger process() {
        return bench.process();
    }

    protected final void fallsSilent(Ledger process) {
        bench.fallsSilent(process);
    }

    protected final void cut(Ledger process, Cut how) {
        bench.cut(process, how);
    }

    protected final Function<StoreTransaction, Future<List<DeadLetter>>> row(String text) {
        return bench.row(text);
    }

    protected final List<String> rows() {
        return bench.rows();
    }

    protected final Opened.Mine mine(Ledger process) {
        return (Opened.Mine) open(process, "p", false);
    }

    /** A part in a run that others may share. */
    protected final Opened.Mine join(Ledger process) {
        return (Opened.Mine)
                Await.get(process.open(new RunRequest(flow, "p", json("{\"v\": 1}"), false, true), Presence.UNHEARD));
    }

    protected final RunRequest request(String params, boolean fresh) {
        return new RunRequest(flow, params, json("{\"v\": 1}"), fresh, false);
    }

    protected final Opened open(Ledger process, String params, boolean fresh) {
        return Await.get(process.open(request(params, fresh), Presence.UNHEARD));
    }

    protected final List<RunSummary> runsOfMine(Ledger process) {
        return Await.get(process.runs()).stream()
                .filter(run -> run.flow().equals(flow))
                .toList();
    }

    protected static Outcome.Committed committed(LedgerRun run, Commit commit) {
        Outcome outcome = Await.get(run.commit(commit));
        assertThat(outcome).isInstanceOf(Outcome.Committed.class);
        return (Outcome.Committed) outcome;
    }

    protected static List<Claimed> claim(LedgerRun run, String stage, int limit) {
        return Await.get(run.claim(stage, limit, null));
    }

    protected static List<Long> ids(List<Claimed> rows) {
        return rows.stream().map(Claimed::id).toList();
    }

    protected static List<Integer> numbers(List<Claimed> rows) {
        return rows.stream().map(row -> row.document().get("n").asInt()).toList();
    }

    protected static ObjectNode numbered(int number) {
        return JsonNodeFactory.instance.objectNode().put("n", number);
    }

    protected static Enqueued enqueued(String stage, int number) {
        return new Enqueued(stage, numbered(number), JsonNodeFactory.instance.objectNode());
    }

    protected static List<Enqueued> enqueued(String stage, int first, int last) {
        return IntStream.rangeClosed(first, last)
                .mapToObj(number -> enqueued(stage, number))
                .toList();
    }

    protected static Progress ended(String stage) {
        return new Progress(stage, "", json("{}"), 2, null, List.of(), true);
    }

    protected static Progress at(String stage, long seq) {
        return new Progress(stage, "", json("{}"), seq, null, List.of(), false);
    }

    protected static DeadLetter letter(String text) {
        ObjectNode node = JsonNodeFactory.instance.objectNode().put("text", text);
        return new DeadLetter("s", node, node, node);
    }

    protected static ObjectNode json(String text) {
        try {
            JsonNode node = ExactJson.READER.readTree(text);
            return (ObjectNode) node;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes down what it is told. */
    protected static final class Heard implements Presence {
        public Heard() {}

        public final List<String> events = new CopyOnWriteArrayList<>();

        @Override
        public void away(String why) {
            events.add("away");
        }

        @Override
        public void back(Duration after) {
            events.add("back");
        }
    }
}
