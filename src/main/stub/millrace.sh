#!/bin/sh
# This file is a jar with a few lines before it: it runs as it is, and with java -jar.
# JAVA_HOME chooses the Java, JAVA_OPTS adds to its options.
java=java
[ -n "$JAVA_HOME" ] && java="$JAVA_HOME/bin/java"
command -v "$java" >/dev/null 2>&1 || { echo "millrace: no Java found. Install 17 or later, or set JAVA_HOME." >&2; exit 127; }
# shellcheck disable=SC2086 # options are words
exec "$java" -Xshare:auto -XX:TieredStopAtLevel=4 $JAVA_OPTS -jar "$0" "$@"
