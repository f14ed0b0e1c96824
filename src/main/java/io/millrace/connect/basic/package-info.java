/** Sources and sinks that need no outside world. */
@NullMarked
package io.millrace.connect.basic;

import org.jspecify.annotations.NullMarked;
