/** A PostgreSQL server that Millrace brings along and starts itself. Blocking code: call it from worker threads. */
@NullMarked
package io.millrace.store.embedded;

import org.jspecify.annotations.NullMarked;
