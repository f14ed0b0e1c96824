#!/bin/sh
# This file is a jar with a few lines before it: it runs as it is, and with java -jar.
# JAVA_HOME chooses the Java, JAVA_OPTS adds to its options.
java=java
[ -n "$JAVA_HOME" ] && java="$JAVA_HOME/bin/java"
command -v "$java" >/dev/null 2>&1 || { echo "millrace: no Java found. Install 17 or later, or set JAVA_HOME." >&2; exit 127; }
# Flows may run for hours: they get the JVM's own choices. All else is over in a moment: no second compiler and the smallest
# collector take a third of the processor time from it.
case "$1" in
  run | serve) options= ;;
  *) options="-XX:TieredStopAtLevel=1 -XX:+UseSerialGC" ;;
esac
# shellcheck disable=SC2086 # options are words
exec "$java" $options $JAVA_OPTS -jar "$0" "$@"
