package io.millrace.connect.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.millrace.spi.Failure;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http.multipart.Attribute;
import io.netty.handler.codec.http.multipart.DefaultHttpDataFactory;
import io.netty.handler.codec.http.multipart.FileUpload;
import io.netty.handler.codec.http.multipart.HttpPostMultipartRequestDecoder;
import io.netty.handler.codec.http.multipart.InterfaceHttpData;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** Forms as browsers send them: an object of fields, a list where a name comes several times. The whole body is in memory. */
final class Forms {
    private static final int FIELDS = 10_000;

    private Forms() {}

    static ObjectNode encoded(byte[] body, Charset charset) {
        ObjectNode fields = JsonNodeFactory.instance.objectNode();
        try {
            new QueryStringDecoder(new String(body, charset), charset, false, FIELDS, true)
                    .parameters()
                    .forEach((name, values) ->
                            values.forEach(value -> Incoming.add(fields, name, TextNode.valueOf(value))));
        } catch (IllegalArgumentException malformed) {
            throw Failure.badData("The form cannot be read: " + malformed.getMessage());
        }
        return fields;
    }

    /** A file is {@code {filename, contentType, bytes, body}}, its body read by its type as that of a request. */
    static ObjectNode multipart(byte[] body, String contentType) {
        FullHttpRequest request =
                new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, "/", Unpooled.wrappedBuffer(body));
        request.headers().set("content-type", contentType);
        HttpPostMultipartRequestDecoder decoder = null;
        try {
            decoder = new HttpPostMultipartRequestDecoder(
                    new DefaultHttpDataFactory(false), request, StandardCharsets.UTF_8, FIELDS, -1);
            ObjectNode fields = JsonNodeFactory.instance.objectNode();
            for (InterfaceHttpData data : decoder.getBodyHttpDatas()) {
                add(fields, data);
            }
            return fields;
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        } catch (Failure failure) {
            throw failure;
        } catch (RuntimeException malformed) {
            throw Failure.badData("The form cannot be read: " + malformed.getMessage());
        } finally {
            if (decoder != null) {
                decoder.destroy();
            }
        }
    }

    private static void add(ObjectNode fields, InterfaceHttpData data) throws IOException {
        if (data instanceof FileUpload file) {
            Incoming.add(fields, file.getName(), file(file));
        } else if (data instanceof Attribute field) {
            Incoming.add(fields, field.getName(), TextNode.valueOf(field.getValue()));
        }
    }

    private static ObjectNode file(FileUpload file) throws IOException {
        String type = Objects.requireNonNullElse(file.getContentType(), "application/octet-stream");
        byte[] content = file.get();
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("filename", file.getFilename()).put("contentType", type).put("bytes", content.length);
        return json.set("body", Bodies.byType(content, type, "the file " + file.getFilename()));
    }
}
