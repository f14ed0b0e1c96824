package io.millrace.connect.html;

import com.google.auto.service.AutoService;
import io.millrace.spi.Component;
import io.millrace.spi.Connector;
import java.util.List;

/** Pages. */
@AutoService(Connector.class)
public final class HtmlConnector implements Connector {
    @Override
    public List<Component> components() {
        return List.of(new HtmlStepType());
    }
}
