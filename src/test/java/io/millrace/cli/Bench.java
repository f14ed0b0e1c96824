package io.millrace.cli;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.millrace.connect.sql.PostgresUri;
import io.millrace.control.LocalRuns;
import io.millrace.control.SocketFolder;
import io.millrace.engine.Engine;
import io.millrace.engine.Run;
import io.millrace.engine.RunOptions;
import io.millrace.expr.JqExpressions;
import io.millrace.flow.CheckedFlow;
import io.millrace.ledger.Ledger;
import io.millrace.spi.Assembly;
import io.millrace.spi.Component;
import io.millrace.spi.Components;
import io.millrace.spi.ResourceType;
import io.millrace.spi.Settings;
import io.millrace.spi.Sink;
import io.millrace.spi.SinkType;
import io.millrace.spi.SourceType;
import io.millrace.spi.Spec;
import io.millrace.spi.Step;
import io.millrace.spi.StepType;
import io.vertx.core.Future;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A command line at a bench: streams that are captured, signals sent by hand, an engine that does what the test says. */
final class Bench {
    final Map<String, String> environment = new HashMap<>();
    final ByteArrayOutputStream out = new ByteArrayOutputStream();
    final ByteArrayOutputStream err = new ByteArrayOutputStream();
    final List<Integer> halts = new ArrayList<>();
    final Path folder;
    private volatile @Nullable Consumer<Signals.Kind> listener;
    FlowLoader loader = LooseFlow::read;
    BiFunction<CheckedFlow, RunOptions, Run> engine = (flow, options) -> new ScriptedRun().done();
    AppSettings opened = new AppSettings(Path.of("never"), OptionalInt.empty(), Optional.empty());

    @Nullable
    Ledger ledger;

    Optional<String> named = Optional.empty();
    boolean closed;
    boolean terminal;

    Optional<Screen> screen = Optional.empty();

    Bench(Path folder) {
        this.folder = folder;
    }

    int run(String... args) {
        return run(out, args);
    }

    int run(OutputStream data, String... args) {
        Terminal streams = new Terminal(
                print(data),
                print(err),
                new ByteArrayInputStream(new byte[0]),
                terminal,
                terminal,
                100,
                environment,
                folder,
                () -> screen);
        return new Cli(
                        new Toolbox(
                                request -> loader.read(request),
                                new TwoComponents(),
                                this::open,
                                () -> LocalRuns.open(sockets()),
                                PostgresUri::parse,
                                JqExpressions::new),
                        streams,
                        signals())
                .execute(args);
    }

    String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    Path file(String name, String text) {
        try {
            return Files.writeString(folder.resolve(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean listening() {
        return listener != null;
    }

    void signal(Signals.Kind kind) {
        requireNonNull(listener).accept(kind);
    }

    /** Where processes that run beside it would listen. */
    SocketFolder sockets() {
        return SocketFolder.in(folder.resolve("sockets"));
    }

    private static PrintStream print(OutputStream stream) {
        return new PrintStream(stream, true, StandardCharsets.UTF_8);
    }

    private Works open(AppSettings settings) {
        opened = settings;
        return new Works() {
            @Override
            public Engine engine() {
                return engine::apply;
            }

            @Override
            public Future<Ledger> ledger(Optional<String> address) {
                named = address;
                return ledger == null ? Future.failedFuture("no store on this bench") : Future.succeededFuture(ledger);
            }

            @Override
            public Future<Void> close() {
                closed = true;
                return Future.succeededFuture();
            }
        };
    }

    private Signals signals() {
        return new Signals() {
            @Override
            public void listen(Consumer<Kind> to) {
                listener = to;
            }

            @Override
            public void halt(int exitCode) {
                halts.add(exitCode);
            }
        };
    }

    /** A step and a sink, both called sleep, and a source. */
    private static final class TwoComponents implements ComponentDocs, Components {
        private final StepType step = new StepType() {
            private final Spec spec = Spec.step("sleep", "Wait.").done();

            @Override
            public Spec spec() {
                return spec;
            }

            @Override
            public Step build(Settings settings, Assembly assembly) {
                throw new IllegalStateException("not run here");
            }
        };
        private final SinkType sink = new SinkType() {
            private final Spec spec = Spec.sink("sleep", "Take a nap with it.").done();

            @Override
            public Spec spec() {
                return spec;
            }

            @Override
            public Sink build(Settings settings, Assembly assembly) {
                throw new IllegalStateException("not run here");
            }
        };

        @Override
        public Components components() {
            return this;
        }

        @Override
        public String page(Component component) {
            return "page of the " + component.spec().kind() + " "
                    + component.spec().name();
        }

        @Override
        public JsonNode schema() {
            return JsonNodeFactory.instance.objectNode().put("type", "object");
        }

        @Override
        public Collection<String> names(Spec.Kind kind) {
            return kind == Spec.Kind.STEP || kind == Spec.Kind.SINK ? List.of("sleep") : List.of();
        }

        @Override
        public Optional<StepType> step(String name) {
            return Optional.of(step).filter(s -> name.equals("sleep"));
        }

        @Override
        public Optional<SourceType> source(String name) {
            return Optional.empty();
        }

        @Override
        public Optional<SinkType> sink(String name) {
            return Optional.of(sink).filter(s -> name.equals("sleep"));
        }

        @Override
        public Optional<ResourceType> resource(String kind) {
            return Optional.empty();
        }
    }
}
