/**
 * Real processes, a real PostgreSQL, real files, and what breaks them: kills, restarts of the server, lines that are cut, disks that are full. Each {@link
 * io.millrace.faults.Site} is a durable run whose outcome is known beforehand; a {@link io.millrace.faults.Storm} lets faults strike until the run has ended; the
 * {@link io.millrace.faults.Audit} then finds what was lost, doubled or damaged. A few minutes of it are tests; {@link io.millrace.faults.Faults} is the
 * command for nights.
 */
@NullMarked
package io.millrace.faults;

import org.jspecify.annotations.NullMarked;
