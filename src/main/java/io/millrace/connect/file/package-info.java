/**
 * Files and standard streams: sources that read lines, JSON lines, CSV and folders, sinks that write them, and steps for single
 * files. Nothing here blocks an event loop: sources read ahead in a worker, each sink has a worker thread of its own.
 */
@NullMarked
package io.millrace.connect.file;

import org.jspecify.annotations.NullMarked;
