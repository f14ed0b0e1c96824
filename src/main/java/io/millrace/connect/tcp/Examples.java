package io.millrace.connect.tcp;

/** Flows that show the components; each runs as it is, and needs no outside world: its servers end after so many frames. */
final class Examples {
    private Examples() {}

    static final String SINK = """
            {
              "resources": { "collector": { "tcp-server": {} } },
              "stages": {
                "numbers": {
                  "source": { "range": 100 },
                  "sink": { "tcp": { "host": "127.0.0.1", "port": "${$resources.collector.port}" } }
                },
                "collect": {
                  "source": { "tcp-server": { "server": "collector", "read": "json", "count": 100 } },
                  "steps": [{ "filter": ".value % 25 == 0" }],
                  "sink": "stdout"
                }
              }
            }
            """;

    static final String SOURCE = """
            {
              "resources": { "shout": { "tcp-server": { "port": 0 } } },
              "stages": {
                "shout": {
                  "source": { "tcp-server": { "server": "shout", "count": 2 } },
                  "steps": [{ "reply": "${.value | ascii_upcase}!" }],
                  "sink": "discard"
                },
                "ask": {
                  "source": { "values": ["hello", "goodbye"] },
                  "steps": [
                    { "tcp": { "host": "127.0.0.1", "port": "${$resources.shout.port}", "send": "${.value}" }, "as": "reply", "timeout": "5s" }
                  ],
                  "sink": "stdout"
                }
              }
            }
            """;

    static final String SERVER = """
            {
              "resources": { "sums": { "tcp-server": { "port": 0, "maxConnections": 10 } } },
              "stages": {
                "sums": {
                  "source": { "tcp-server": { "server": "sums", "prefix": 2, "read": "json", "count": 1 } },
                  "steps": [{ "reply": { "body": { "sum": "${.value | add}" } } }],
                  "sink": "discard"
                },
                "ask": {
                  "source": { "values": [1] },
                  "steps": [
                    { "tcp": { "host": "127.0.0.1", "port": "${$resources.sums.port}", "send": [1, 2, 3], "prefix": 2, "read": "json" },
                      "as": ".", "timeout": "5s" }
                  ],
                  "sink": "stdout"
                }
              }
            }
            """;
}
