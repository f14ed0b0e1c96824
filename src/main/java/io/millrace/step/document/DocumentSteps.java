package io.millrace.step.document;

import com.google.auto.service.AutoService;
import io.millrace.spi.Component;
import io.millrace.spi.Connector;
import java.util.List;

/** {@code map set filter split collect}. */
@AutoService(Connector.class)
public final class DocumentSteps implements Connector {
    @Override
    public List<Component> components() {
        return List.of(new MapStep(), new SetStep(), new FilterStep(), new SplitStep(), new CollectStep());
    }
}
