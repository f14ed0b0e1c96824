@NullMarked
package io.millrace.engine.durable;

import org.jspecify.annotations.NullMarked;
