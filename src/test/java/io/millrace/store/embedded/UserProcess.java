package io.millrace.store.embedded;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Another JVM that uses a server: {@link ServerUserMain}, started and waited for until it has joined. */
final class UserProcess implements AutoCloseable {
    private final Process process;
    private final BufferedReader output;
    private EmbeddedPostgres.Address address;

    private UserProcess(Process process) {
        this.process = process;
        this.output = process.inputReader();
    }

    static UserProcess start(Path stateDir) throws IOException {
        return start(List.of(), System.getProperty("java.class.path"), stateDir).joined();
    }

    /** Does not wait: {@link #joined} does. */
    static UserProcess start(List<String> prefix, String classPath, Path stateDir) throws IOException {
        List<String> words = new ArrayList<>(prefix);
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        words.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto"));
        words.addAll(List.of("-cp", classPath, ServerUserMain.class.getName(), stateDir.toString()));
        return new UserProcess(new ProcessBuilder(words)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    UserProcess joined() throws IOException {
        String line = output.readLine();
        while (line != null && !line.startsWith("ready ") && !line.startsWith("failed ")) {
            line = output.readLine();
        }
        if (line == null || line.startsWith("failed ")) {
            throw new IOException("the process has not joined: " + line);
        }
        String[] words = line.split(" ");
        address = new EmbeddedPostgres.Address(Path.of(words[1]), 5432, "millrace", words[2], "postgres");
        return this;
    }

    EmbeddedPostgres.Address address() {
        return address;
    }

    /** kill -9. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Lets it close its server and end. */
    @Override
    public void close() throws Exception {
        process.getOutputStream().close();
        process.waitFor();
    }
}
