package io.millrace.engine;

import io.millrace.engine.queue.Wire;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.MessageCodec;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.function.Consumer;

/** The local event bus: messages stay in this process and are handed over as they are. */
final class VertxWire implements Wire {
    private static final String CODEC = "millrace-local";
    private static final DeliveryOptions LOCAL =
            new DeliveryOptions().setLocalOnly(true).setCodecName(CODEC);

    private final Vertx vertx;

    VertxWire(Vertx vertx) {
        this.vertx = vertx;
    }

    /** Makes a Vert.x instance able to carry our messages; once for each. */
    static void prepare(Vertx vertx) {
        try {
            vertx.eventBus().registerCodec(new AsIs());
        } catch (IllegalStateException alreadyThere) {
            return;
        }
    }

    @Override
    public void send(String address, Object message) {
        vertx.eventBus().send(address, message, LOCAL);
    }

    @Override
    public Listening listen(String address, Consumer<Object> handler) {
        MessageConsumer<Object> consumer =
                vertx.eventBus().localConsumer(address, message -> handler.accept(message.body()));
        return consumer::unregister;
    }

    /** Hands the object itself over. */
    private static final class AsIs implements MessageCodec<Object, Object> {
        @Override
        public void encodeToWire(Buffer buffer, Object object) {
            throw new IllegalStateException("items do not leave the process on the event bus");
        }

        @Override
        public Object decodeFromWire(int position, Buffer buffer) {
            throw new IllegalStateException("items do not leave the process on the event bus");
        }

        @Override
        public Object transform(Object object) {
            return object;
        }

        @Override
        public String name() {
            return CODEC;
        }

        @Override
        public byte systemCodecID() {
            return -1;
        }
    }
}
