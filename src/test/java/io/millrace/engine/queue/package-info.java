@NullMarked
package io.millrace.engine.queue;

import org.jspecify.annotations.NullMarked;
