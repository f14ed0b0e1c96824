package io.millrace.connect.basic;

import com.google.auto.service.AutoService;
import io.millrace.spi.Component;
import io.millrace.spi.Connector;
import java.util.List;

/** {@code values range timer discard}. */
@AutoService(Connector.class)
public final class BasicConnector implements Connector {
    @Override
    public List<Component> components() {
        return List.of(new ValuesSource(), new RangeSource(), new TimerSource(), new DiscardSink());
    }
}
