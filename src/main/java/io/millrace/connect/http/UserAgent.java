package io.millrace.connect.http;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/** What the client calls itself: {@code millrace/<version>}. */
final class UserAgent {
    private static final String VALUE = read();

    private UserAgent() {}

    static String value() {
        return VALUE;
    }

    private static String read() {
        Properties build = new Properties();
        try (InputStream in = UserAgent.class.getResourceAsStream("/millrace-git.properties")) {
            if (in != null) {
                build.load(in);
            }
        } catch (IOException unreadable) {
            return "millrace";
        }
        String version = build.getProperty("git.build.version", "");
        return version.isEmpty() ? "millrace" : "millrace/" + version;
    }
}
