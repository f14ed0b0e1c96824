package io.millrace.step.control;

import com.google.auto.service.AutoService;
import io.millrace.spi.Component;
import io.millrace.spi.Connector;
import java.util.List;

/** {@code do switch gather each race repeat call lock cache emit sleep log raise reply}. */
@AutoService(Connector.class)
public final class ControlSteps implements Connector {
    @Override
    public List<Component> components() {
        return List.of(
                new DoStep(),
                new SwitchStep(),
                new GatherStep(),
                new EachStep(),
                new RaceStep(),
                new RepeatStep(),
                new CallStep(),
                new LockStep(),
                new CacheStep(),
                new EmitStep(),
                new SleepStep(),
                new LogStep(),
                new RaiseStep(),
                new ReplyStep());
    }
}
