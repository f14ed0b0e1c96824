package io.millrace.connect.tcp;

import io.millrace.spi.Assembly;
import io.millrace.spi.Resource;
import io.millrace.spi.ResourceType;
import io.millrace.spi.Settings;
import io.millrace.spi.Spec;

/** The resource {@code tcp-server}. */
final class TcpServerType implements ResourceType {
    private static final Spec SPEC = Spec.resource(
                    "tcp-server",
                    "Listens for TCP connections, for a tcp-server source, from before the first stage starts.")
            .fields(ServerFields.RESOURCE_PORT, ServerFields.HOST, ServerFields.TLS, ServerFields.MAX_CONNECTIONS)
            .returns("{host, port}: what $resources.<name> holds")
            .note("With port 0 it listens on a free one, and $resources.<name>.port is how the flow itself finds it.")
            .example(Examples.SERVER)
            .done();

    @Override
    public Spec spec() {
        return SPEC;
    }

    @Override
    public Resource build(Settings settings, Assembly assembly) {
        return new TcpServer(settings, assembly);
    }
}
