/** The command line: picocli commands, progress, signals, reports. Data goes to standard output, everything else to standard error. */
@NullMarked
package io.millrace.cli;

import org.jspecify.annotations.NullMarked;
