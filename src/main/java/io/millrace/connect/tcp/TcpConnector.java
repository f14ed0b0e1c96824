package io.millrace.connect.tcp;

import com.google.auto.service.AutoService;
import io.millrace.spi.Component;
import io.millrace.spi.Connector;
import java.util.List;

/** Raw sockets. */
@AutoService(Connector.class)
public final class TcpConnector implements Connector {
    @Override
    public List<Component> components() {
        return List.of(
                new TcpStepType(),
                new UdpStepType(),
                new TcpSinkType(),
                new TcpServerSourceType(),
                new TcpServerType());
    }
}
