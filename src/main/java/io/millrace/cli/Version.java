package io.millrace.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** {@code millrace 0.1.0 (0e8bf02)}, and what it stands on. */
final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        Properties build = read("/millrace.properties");
        String commit = read("/millrace-git.properties").getProperty("git.commit.id.abbrev", "");
        return new String[] {
            "millrace " + build.getProperty("version") + (commit.isEmpty() ? "" : " (" + commit + ")"),
            "Java " + Runtime.version() + ", PostgreSQL " + build.getProperty("postgres")
        };
    }

    /** What the build left; without a repository there is no commit. */
    private static Properties read(String resource) {
        Properties properties = new Properties();
        try (InputStream file = Version.class.getResourceAsStream(resource)) {
            if (file != null) {
                properties.load(file);
            }
            return properties;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
