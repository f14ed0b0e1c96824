package io.millrace.connect.http;

/** Flows that show the components; each runs as it is from the project's folder. */
final class Examples {
    private Examples() {}

    static final String STEP = """
            {
              "resources": { "shop": { "http-server": { "files": "conf/site" } } },
              "source": { "values": ["/index.html", "/about.html", "/no-such-page.html"] },
              "steps": [
                { "http": { "url": "${$resources.shop.url}${.value}", "expect": ["2xx", 404] }, "as": "page", "timeout": "10s" },
                { "map": { "url": "${.page.url}", "status": "${.page.status}", "bytes": "${.page.bytes}" } }
              ]
            }
            """;

    static final String SOURCE = """
            {
              "resources": { "shop": { "http-server": { "files": "conf/site" } } },
              "source": { "http": { "url": "${$resources.shop.url}/orders/1.json", "items": ".orders[]", "next": ".body.next" } },
              "steps": [{ "map": { "order": "${.id}", "total": "${.total}" } }]
            }
            """;

    static final String CLIENT = """
            {
              "resources": {
                "shop": { "http-server": { "files": "conf/site" } },
                "polite": {
                  "http": {
                    "perHost": { "connections": 2, "delay": "20ms" },
                    "timeout": "5s",
                    "headers": { "accept-language": "en" },
                    "maxBody": "1MB"
                  }
                }
              },
              "source": { "values": ["/index.html", "/about.html", "/delivery.html"] },
              "steps": [
                { "http": { "url": "${$resources.shop.url}${.value}", "client": "polite" }, "as": "page" },
                { "map": { "url": "${.value}", "ms": "${.page.elapsedMs}" } }
              ]
            }
            """;

    static final String SERVER = """
            {
              "resources": { "shop": { "http-server": { "port": 0, "files": "conf/site" } } },
              "source": { "values": ["index.html"] },
              "steps": [
                { "http": "${$resources.shop.url}/${.value}", "as": "page" },
                { "map": { "type": "${.page.headers['content-type']}", "bytes": "${.page.bytes}" } }
              ]
            }
            """;

    static final String LISTEN = """
            {
              "resources": { "api": { "http-server": {} } },
              "limits": { "items": 2 },
              "stages": {
                "orders": {
                  "source": { "http-server": { "path": "/orders/:id", "methods": "POST" } },
                  "steps": [
                    { "reply": { "status": 201, "body": { "id": "${.params.id}", "total": "${.body.price * .body.count}" } } }
                  ],
                  "sink": "discard"
                },
                "customer": {
                  "source": { "values": [7] },
                  "steps": [
                    { "http": { "url": "${$resources.api.url}/orders/${.value}", "body": { "price": 12.5, "count": 2 } } },
                    { "map": "${.http.body}" }
                  ],
                  "sink": "stdout"
                }
              }
            }
            """;
}
