package io.millrace.cli;

import static net.javacrumbs.jsonunit.assertj.JsonAssertions.assertThatJson;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.millrace.ledger.Commit;
import io.millrace.ledger.DeadLetter;
import io.millrace.ledger.LedgerRun;
import io.millrace.ledger.Opened;
import io.millrace.ledger.Presence;
import io.millrace.ledger.RunRequest;
import io.millrace.ledger.RunState;
import io.millrace.testkit.Await;
import io.millrace.testkit.ModelLedger;
import io.millrace.testkit.ModelStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code runs} says of the store. */
class StoredRunsTest {
    @TempDir
    Path folder;

    private final ModelStore store = new ModelStore();
    private final ModelLedger ledger = new ModelLedger(store);
    private Bench bench;

    @BeforeEach
    void set_up() throws IOException {
        bench = new Bench(folder);
        bench.ledger = ledger;
        Files.createDirectory(folder.resolve(".millrace"));
    }

    private LedgerRun open(String flow) {
        RunRequest request = new RunRequest(flow, "p", JsonNodeFactory.instance.objectNode(), true, false);
        return ((Opened.Mine) Await.get(ledger.open(request, Presence.UNHEARD))).run();
    }

    private List<String> out() {
        return bench.out().lines().toList();
    }

    @Test
    void lists_unfinished_runs_before_those_that_have_ended() {
        Await.get(open("interrupted").close(RunState.UNFINISHED, 0));
        open("busy");
        Await.get(open("done").close(RunState.FINISHED, 3));

        assertThat(bench.run("runs")).isZero();

        assertThat(out()).hasSize(4);
        assertThat(out().get(0)).matches("run +flow +state +runs on +began +ended +exit +dead");
        assertThat(out().get(1)).matches("2 +busy +running +model:1 +[\\d-]+ [\\d:]+ +0");
        assertThat(out().get(2)).matches("1 +interrupted +unfinished +[\\d-]+ [\\d:]+ +0");
        assertThat(out().get(3)).matches("3 +done +finished +[\\d-]+ [\\d:]+ +[\\d-]+ [\\d:]+ +3 +0");
        assertThat(bench.closed).isTrue();
    }

    @Test
    void tells_which_process_does_what() {
        RunRequest request = new RunRequest("crawl", "p", JsonNodeFactory.instance.objectNode(), true, true);
        LedgerRun run = ((Opened.Mine) Await.get(ledger.open(request, Presence.UNHEARD))).run();
        Await.get(run.lease("source", "urls"));
        Await.get(run.lease("singleton", "store"));
        Await.get(run.lease("bucket pages", List.of("1", "2")));

        bench.run("runs");

        assertThat(out()).hasSize(5);
        assertThat(out().get(2)).isEmpty();
        assertThat(out().get(3)).matches("run +process +does");
        assertThat(out().get(4)).matches("1 +model:1 +reads urls, runs store, 2 of 256 keys of pages");
    }

    @Test
    void lists_no_more_ended_runs_than_asked_for() {
        Await.get(open("one").close(RunState.FINISHED, 0));
        Await.get(open("two").close(RunState.FINISHED, 0));
        open("three");

        bench.run("runs", "--limit", "1");

        assertThat(out()).hasSize(3);
        assertThat(bench.out()).contains("three", "two").doesNotContain("one");
    }

    @Test
    void lists_them_as_json_for_other_programs() {
        LedgerRun run = open("crawl");
        DeadLetter letter = new DeadLetter(
                "pages",
                JsonNodeFactory.instance.objectNode(),
                JsonNodeFactory.instance.objectNode(),
                JsonNodeFactory.instance.objectNode());
        Await.get(run.commit(Commit.NOTHING.withDead(List.of(letter))));

        bench.run("runs", "--json");

        assertThatJson(bench.out().strip())
                .isEqualTo("{ run: 1, flow: 'crawl', state: 'running', began: '${json-unit.any-string}', ended: null,"
                        + " exitCode: null, deadLetters: 1, runsOn: [{ host: 'model', pid: 1, leases: [] }] }");
    }

    @Test
    void starts_no_server_where_there_is_no_store() {
        assertThat(bench.run("runs", "--state-dir", "none")).isZero();

        assertThat(bench.out()).isEmpty();
        assertThat(bench.closed).isFalse();
    }
}
