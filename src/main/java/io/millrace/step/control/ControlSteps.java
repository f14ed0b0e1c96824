package io.millrace.step.control;

import com.google.auto.service.AutoService;
import io.millrace.spi.Component;
import io.millrace.spi.Connector;
import java.util.List;

/** {@code do switch call emit sleep log raise}. */
@AutoService(Connector.class)
public final class ControlSteps implements Connector {
    @Override
    public List<Component> components() {
        return List.of(
                new DoStep(),
                new SwitchStep(),
                new CallStep(),
                new EmitStep(),
                new SleepStep(),
                new LogStep(),
                new RaiseStep());
    }
}
