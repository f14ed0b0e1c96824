/**
 * Programs: a step that runs one for each item or keeps some running as co-processes, a source of what one prints, a sink into one.
 *
 * <p>Standard streams of processes block, so each live process has threads of its own, see {@link
 * io.millrace.connect.exec.ProcessThreads}. A process that is ended takes all that it has started with it, see {@link
 * io.millrace.connect.exec.ProcessTree}.
 */
@NullMarked
package io.millrace.connect.exec;

import org.jspecify.annotations.NullMarked;
