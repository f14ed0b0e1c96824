package io.millrace.connect.tcp;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.spi.Assembly;
import io.millrace.spi.Dynamic;
import io.millrace.spi.Frame;
import io.millrace.spi.Scope;
import io.millrace.spi.Settings;
import io.millrace.spi.Step;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;

/** One message for each item, and its reply. */
final class TcpStep implements Step {
    private final Context context;
    private final Dynamic<String> host;
    private final Dynamic<Integer> port;
    private final Message message;
    private final Protocol protocol;
    private final Pools pools;

    TcpStep(Settings settings, Assembly assembly) {
        this.context = assembly.vertx().getOrCreateContext();
        this.host = settings.get(StepFields.HOST);
        this.port = settings.get(StepFields.PORT);
        this.protocol = Protocol.of(settings);
        this.message = new Message(settings, protocol.charset());
        Dialer dialer = new Dialer(assembly.vertx(), settings.get(Tls.FIELD).read(assembly), protocol.connectTimeout());
        this.pools = new Pools(assembly.vertx(), context, dialer, protocol);
        assembly.onClose(this::close);
    }

    @Override
    public Future<JsonNode> run(Frame frame) {
        Address to = new Address(host.get(frame), port.get(frame));
        byte[] payload = message.of(frame);
        if (!protocol.raw()) {
            protocol.framing().check(payload);
        }
        Request request = new Request(payload);
        Scope.Handle handle = frame.scope().onCancel(() -> cancel(request));
        onLoop(() -> pools.submit(to, request));
        return request.result().onComplete(done -> handle.dispose());
    }

    private Future<Void> cancel(Request request) {
        if (Context.isOnEventLoopThread()) {
            return request.cancel();
        }
        Promise<Void> done = Promise.promise();
        context.runOnContext(go -> request.cancel().onComplete(done));
        return done.future();
    }

    private Future<Void> close() {
        Promise<Void> done = Promise.promise();
        onLoop(() -> pools.close().onComplete(done));
        return done.future();
    }

    /** A step that the flow runs in a worker pool comes from there. */
    private void onLoop(Runnable task) {
        if (Context.isOnEventLoopThread()) {
            task.run();
        } else {
            context.runOnContext(go -> task.run());
        }
    }
}
