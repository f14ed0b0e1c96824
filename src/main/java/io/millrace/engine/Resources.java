package io.millrace.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.flow.CheckedFlow;
import io.millrace.flow.Flow;
import io.millrace.spi.Resource;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens the resources of a run one after another, and closes them in reverse order. */
final class Resources {
    private static final Logger LOG = LoggerFactory.getLogger("millrace.run");

    private final CheckedFlow checked;
    private final RunScope run;
    private final ObjectNode shown;
    private final List<Resource> opened = new ArrayList<>();

    /** @param shown filled with what each resource shows as {@code $resources.<name>} */
    Resources(CheckedFlow checked, RunScope run, ObjectNode shown) {
        this.checked = checked;
        this.run = run;
        this.shown = shown;
    }

    Future<Void> open() {
        Future<Void> all = Future.succeededFuture();
        for (String name : checked.resourceNames()) {
            all = all.compose(ready -> open(name));
        }
        return all;
    }

    private Future<Void> open(String name) {
        Flow.ResourceDef definition = checked.resource(name, shown);
        Resource resource = definition.type().build(definition.settings(), RunAssembly.forResource(run));
        return resource.open()
                .compose(
                        show -> {
                            opened.add(resource);
                            run.opened(definition, resource);
                            shown.set(name, show);
                            return Future.succeededFuture();
                        },
                        thrown -> Future.failedFuture(new IllegalStateException(
                                "resource \"" + name + "\": " + thrown.getMessage(), thrown)));
    }

    /** Closes all that were opened, in reverse order; what fails to close is logged. */
    Future<Void> close() {
        List<Resource> reversed = new ArrayList<>(opened);
        Collections.reverse(reversed);
        opened.clear();
        Future<Void> all = Future.succeededFuture();
        for (Resource resource : reversed) {
            all = all.compose(ready -> resource.close()).recover(thrown -> {
                LOG.warn("a resource did not close: {}", thrown.getMessage());
                return Future.succeededFuture();
            });
        }
        return all;
    }
}
