package io.millrace.connect.jar;

import com.google.auto.service.AutoService;
import io.millrace.spi.Component;
import io.millrace.spi.Connector;
import java.util.List;

/** Java classes of the plugins folder. */
@AutoService(Connector.class)
public final class JarConnector implements Connector {
    @Override
    public List<Component> components() {
        return List.of(new JavaStepType());
    }
}
