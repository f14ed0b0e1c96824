package io.millrace.connect.http;

import io.millrace.spi.Failure;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.compression.DecompressionException;
import io.netty.handler.codec.compression.ZlibCodecFactory;
import io.netty.handler.codec.compression.ZlibWrapper;
import io.vertx.core.buffer.Buffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Decompresses a body piece by piece, as it comes: gzip and deflate, which are what is asked for. */
final class Inflating {
    private final @Nullable EmbeddedChannel decoder;

    private Inflating(@Nullable EmbeddedChannel decoder) {
        this.decoder = decoder;
    }

    /** For the value of content-encoding. */
    static Inflating of(String encoding, String url) {
        if (Decoding.isNone(encoding.trim())) {
            return new Inflating(null);
        }
        switch (encoding.trim()) {
            case "gzip":
            case "x-gzip":
                return new Inflating(new EmbeddedChannel(ZlibCodecFactory.newZlibDecoder(ZlibWrapper.GZIP, 0)));
            case "deflate":
                return new Inflating(new EmbeddedChannel(ZlibCodecFactory.newZlibDecoder(ZlibWrapper.ZLIB_OR_NONE, 0)));
            default:
                throw Failure.badData("the body of " + url + " has the content-encoding \"" + encoding
                        + "\", which cannot be read as a stream.");
        }
    }

    void feed(Buffer chunk, Consumer<byte[]> into) {
        EmbeddedChannel channel = decoder;
        if (channel == null) {
            into.accept(chunk.getBytes());
            return;
        }
        try {
            channel.writeInbound(Unpooled.wrappedBuffer(chunk.getBytes()));
        } catch (DecompressionException broken) {
            throw Failure.badData("the body is not compressed as content-encoding says: " + broken.getMessage());
        }
        for (ByteBuf piece = channel.readInbound(); piece != null; piece = channel.readInbound()) {
            byte[] bytes = new byte[piece.readableBytes()];
            piece.readBytes(bytes);
            piece.release();
            into.accept(bytes);
        }
    }

    void close() {
        if (decoder != null) {
            decoder.finishAndReleaseAll();
        }
    }
}
