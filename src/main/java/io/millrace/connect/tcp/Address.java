package io.millrace.connect.tcp;

/** Where to connect to. */
record Address(String host, int port) {
    @Override
    public String toString() {
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }
}
