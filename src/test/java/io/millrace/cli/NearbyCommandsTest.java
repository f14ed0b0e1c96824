package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.millrace.control.ControlSocket;
import io.millrace.engine.Engine;
import io.millrace.engine.Run;
import io.millrace.engine.RunOptions;
import io.millrace.engine.RunResult.Outcome;
import io.millrace.flow.CheckedFlow;
import io.millrace.ledger.Opened;
import io.millrace.ledger.Presence;
import io.millrace.ledger.RunRequest;
import io.millrace.testkit.Await;
import io.millrace.testkit.ModelLedger;
import io.millrace.testkit.ModelStore;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code runs} and {@code cancel}, of runs in a process beside. */
class NearbyCommandsTest {
    @TempDir
    private Path folder;

    private final Vertx vertx = Vertx.vertx();
    private final List<Run> runs = new CopyOnWriteArrayList<>();
    private Bench bench;
    private ControlSocket socket;

    @BeforeEach
    void open() {
        bench = new Bench(folder);
        socket = new ControlSocket(vertx, new Scripted(), bench.sockets());
        Path listening = folder.resolve("sockets/" + ProcessHandle.current().pid() + ".sock");
        Awaitility.await().until(() -> Files.exists(listening));
    }

    @AfterEach
    void close() {
        Await.get(socket.close());
        Await.get(vertx.close());
    }

    @Test
    void lists_runs_in_a_table() {
        runs.add(new ScriptedRun());

        int code = bench.run("runs");

        assertThat(code).isZero();
        assertThat(bench.out().lines().toList()).hasSize(2);
        assertThat(bench.out()).contains("in flight", "5c1f0b3e  flow", "running", "13,519");
    }

    @Test
    void lists_runs_as_json_for_other_programs() {
        runs.add(new ScriptedRun());

        bench.run("runs", "--json");

        assertThat(bench.out())
                .startsWith("{\"id\":\"5c1f0b3e-scripted\",\"flow\":\"flow\"")
                .endsWith("}\n");
    }

    @Test
    void says_when_nothing_runs() {
        assertThat(bench.run("runs")).isZero();

        assertThat(bench.out()).isEmpty();
        assertThat(bench.err()).contains("no run of this user is under way");
    }

    @Test
    void cancels_the_run_of_a_flow() {
        ScriptedRun run = new ScriptedRun();
        runs.add(run);

        int code = bench.run("cancel", "flow");

        assertThat(code).isZero();
        assertThat(run.result().result().outcome()).isEqualTo(Outcome.INTERRUPTED);
        assertThat(run.result().result().reason()).isEqualTo("millrace cancel");
        assertThat(bench.err()).isEqualTo("cancelled flow (5c1f0b3e) after 12.3 s\n");
    }

    @Test
    void cancels_one_item() {
        runs.add(new ScriptedRun());

        int code = bench.run("cancel", "5c1f", "pages-7");

        assertThat(code).isZero();
        assertThat(bench.err()).isEqualTo("cancelled pages-7 of flow\n");
        assertThat(runs.get(0).result().isComplete()).isFalse();
    }

    @Test
    void says_that_an_item_is_not_running() {
        runs.add(new ScriptedRun());

        int code = bench.run("cancel", "flow", "pages-8");

        assertThat(code).isEqualTo(1);
        assertThat(bench.err()).contains("No item pages-8 is running.");
    }

    @Test
    void names_what_is_under_way_when_the_name_is_unknown() {
        runs.add(new ScriptedRun());

        int code = bench.run("cancel", "flwo");

        assertThat(code).isEqualTo(2);
        assertThat(bench.err()).contains("no run is called \"flwo\". Under way are: flow (5c1f0b3e, pid ");
    }

    @Test
    void does_not_choose_between_two() {
        runs.add(new ScriptedRun());
        runs.add(new ScriptedRun());

        int code = bench.run("cancel", "flow");

        assertThat(code).isEqualTo(2);
        assertThat(bench.err()).contains("\"flow\" is the name of several runs", "Say which by its id or pid.");
        assertThat(runs).noneMatch(run -> run.result().isComplete());
    }

    private ModelLedger store() throws IOException {
        Files.createDirectory(folder.resolve(".millrace"));
        ModelLedger ledger = new ModelLedger(new ModelStore());
        bench.ledger = ledger;
        return ledger;
    }

    @Test
    void cancels_a_run_of_the_store_in_all_its_processes_here_by_its_number() throws IOException {
        UUID here = store().storeId();
        runs.add(ScriptedRun.kept(here, 17));
        runs.add(ScriptedRun.kept(here, 17));
        runs.add(ScriptedRun.kept(here, 18));

        int code = bench.run("cancel", "17");

        assertThat(code).as(bench.err()).isZero();
        assertThat(bench.err()).isEqualTo("cancelled flow (run 17) after 12.3 s; it will not be resumed\n");
        assertThat(runs).extracting(run -> run.result().isComplete()).containsExactly(true, true, false);
    }

    @Test
    void does_not_take_the_run_of_another_store_for_that_of_the_same_number_in_the_store_here() throws IOException {
        RunRequest request = new RunRequest("crawl", "p", JsonNodeFactory.instance.objectNode(), true, false);
        ModelLedger ledger = store();
        long number = ((Opened.Mine) Await.get(ledger.open(request, Presence.UNHEARD)))
                .run()
                .id();
        runs.add(ScriptedRun.kept(UUID.randomUUID(), number));

        int code = bench.run("cancel", String.valueOf(number));

        assertThat(code).as(bench.err()).isZero();
        assertThat(bench.err()).startsWith("run 1 (crawl) is cancelled; it will not be resumed");
        assertThat(runs).noneMatch(run -> run.result().isComplete());
    }

    private final class Scripted implements Engine {
        @Override
        public Run start(CheckedFlow flow, RunOptions options) {
            throw new UnsupportedOperationException("runs are there already");
        }

        @Override
        public List<Run> runs() {
            return runs;
        }
    }
}
