package io.millrace;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.catalog.Catalog;
import io.millrace.catalog.ReferencePage;
import io.millrace.catalog.SchemaWriter;
import io.millrace.cli.AppSettings;
import io.millrace.cli.Cli;
import io.millrace.cli.ComponentDocs;
import io.millrace.cli.SystemSignals;
import io.millrace.cli.SystemTerminal;
import io.millrace.cli.Toolbox;
import io.millrace.cli.Works;
import io.millrace.connect.sql.PostgresUri;
import io.millrace.control.LocalRuns;
import io.millrace.control.SocketFolder;
import io.millrace.expr.JqExpressions;
import io.millrace.flow.CheckedFlow;
import io.millrace.flow.FlowReader;
import io.millrace.flow.Language;
import io.millrace.spi.Component;
import io.millrace.spi.Components;

/** The composition root: the only class that sees every room. What a command does not need is not made. */
public final class Main {
    private final Lazy<JqExpressions> expressions = new Lazy<>(JqExpressions::new);
    private final Lazy<Catalog> catalog = new Lazy<>(Catalog::load);

    private Main() {}

    /** Runs the command line to its end. */
    public static void main(String[] args) {
        lookAtSocketsOften();
        System.exit(new Main().execute(args));
    }

    /**
     * An event loop runs tasks for this long before it looks at its sockets and timers again: Netty's default is a second, its least a tenth of
     * one. Tasks that go on in a next turn so that others may run must not keep I/O waiting. To be called before the first loop is made.
     */
    private static void lookAtSocketsOften() {
        String quantum = "io.netty.eventLoop.maxTaskProcessingQuantumMs";
        if (System.getProperty(quantum) == null) {
            System.setProperty(quantum, "100");
        }
    }

    private int execute(String[] args) {
        Toolbox tools = new Toolbox(
                this::read,
                new Docs(),
                this::open,
                () -> LocalRuns.open(SocketFolder.ofUser()),
                PostgresUri::parse,
                expressions::get);
        return new Cli(tools, SystemTerminal.open(), new SystemSignals()).execute(args);
    }

    private CheckedFlow read(FlowReader.Request request) {
        return new FlowReader(catalog.get(), expressions.get()).read(request);
    }

    private Works open(AppSettings settings) {
        return Machinery.open(settings, expressions.get());
    }

    private final class Docs implements ComponentDocs {
        @Override
        public Components components() {
            return catalog.get();
        }

        @Override
        public String page(Component component) {
            return new ReferencePage(component.spec()).text();
        }

        @Override
        public JsonNode schema() {
            return new SchemaWriter(catalog.get(), Language.FLOW, Language.MODIFIERS).schema();
        }
    }
}
