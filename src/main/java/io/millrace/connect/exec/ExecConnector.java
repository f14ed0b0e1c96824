package io.millrace.connect.exec;

import com.google.auto.service.AutoService;
import io.millrace.spi.Component;
import io.millrace.spi.Connector;
import java.util.List;

/** Programs. */
@AutoService(Connector.class)
public final class ExecConnector implements Connector {
    @Override
    public List<Component> components() {
        return List.of(new ExecStepType(), new ExecSourceType(), new ExecSinkType());
    }
}
