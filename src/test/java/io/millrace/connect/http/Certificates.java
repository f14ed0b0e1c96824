package io.millrace.connect.http;

import io.vertx.core.net.PfxOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A certificate that signs itself, made by the JDK's keytool. */
record Certificates(Path store, Path pem) {
    private static final String PASSWORD = "changeit";

    /** @param names subject alternative names, as {@code dns:localhost,ip:127.0.0.1} */
    static Certificates of(Path folder, String names) {
        Path store = folder.resolve("server.p12");
        Path pem = folder.resolve("ca.pem");
        keytool(
                store,
                "-genkeypair",
                "-alias",
                "a",
                "-keyalg",
                "EC",
                "-dname",
                "CN=test",
                "-ext",
                "san=" + names,
                "-validity",
                "2");
        keytool(store, "-exportcert", "-rfc", "-alias", "a", "-file", pem.toString());
        return new Certificates(store, pem);
    }

    private static void keytool(Path store, String... args) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(args));
        command.addAll(List.of("-storetype", "PKCS12", "-keystore", store.toString(), "-storepass", PASSWORD));
        try {
            Path log = Files.createTempFile("keytool", ".log");
            int exit = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start()
                    .waitFor();
            if (exit != 0) {
                throw new AssertionError(Files.readString(log));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    PfxOptions key() {
        return new PfxOptions().setPath(store.toString()).setPassword(PASSWORD);
    }
}
