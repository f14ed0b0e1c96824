package io.millrace.step.hash;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.google.auto.service.AutoService;
import io.millrace.spi.Assembly;
import io.millrace.spi.Component;
import io.millrace.spi.Connector;
import io.millrace.spi.Field;
import io.millrace.spi.Settings;
import io.millrace.spi.Spec;
import io.millrace.spi.Step;
import io.millrace.spi.StepType;
import io.millrace.spi.Template;
import io.millrace.spi.Types;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32;

/** Digests. */
@AutoService(Connector.class)
public final class HashStep implements StepType, Connector {
    private static final Field<Template> TEXT = Field.of(
                    "text",
                    Types.template(),
                    "A string, hashed as UTF-8, or another value, hashed as JSON with its keys sorted.")
            .required()
            .example("${.url}");
    private static final Field<Algorithm> ALGORITHM = Field.of(
                    "algorithm", Types.enumOf("algorithm", Algorithm.class), "Which digest.")
            .byDefault("sha256");
    private static final Spec SPEC = Spec.step("hash", "Gives the digest of a text or of any value.")
            .main(TEXT)
            .fields(ALGORITHM)
            .returns("the digest in hexadecimal, in lower case")
            .note("Equal values have equal digests, whatever the order of their keys.")
            .example("{\"source\": {\"values\": [\"abc\"]}, \"steps\": [{\"hash\": \"${.value}\"}, "
                    + "{\"hash\": {\"text\": \"${.value}\", \"algorithm\": \"crc32\"}, \"as\": \"crc\"}]}")
            .done();

    /** The digests there are. */
    enum Algorithm {
        MD5("MD5"),
        SHA1("SHA-1"),
        SHA256("SHA-256"),
        SHA512("SHA-512"),
        CRC32("");

        private final String name;

        Algorithm(String name) {
            this.name = name;
        }

        String of(byte[] bytes) {
            return this == CRC32 ? crc32(bytes) : HexFormat.of().formatHex(digest(bytes));
        }

        private byte[] digest(byte[] bytes) {
            try {
                return MessageDigest.getInstance(name).digest(bytes);
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every JDK has " + name, e);
            }
        }

        private static String crc32(byte[] bytes) {
            CRC32 crc = new CRC32();
            crc.update(bytes);
            return HexFormat.of().toHexDigits((int) crc.getValue());
        }
    }

    @Override
    public List<Component> components() {
        return List.of(this);
    }

    @Override
    public Spec spec() {
        return SPEC;
    }

    @Override
    public Step build(Settings settings, Assembly assembly) {
        Template template = settings.get(TEXT);
        Algorithm algorithm = settings.get(ALGORITHM);
        return frame -> {
            JsonNode value = template.eval(frame);
            String text = value.isTextual() ? value.textValue() : Canonical.of(value);
            return Future.succeededFuture(TextNode.valueOf(algorithm.of(text.getBytes(StandardCharsets.UTF_8))));
        };
    }
}
