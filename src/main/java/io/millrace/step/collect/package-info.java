/** The step {@code collect}. */
@NullMarked
package io.millrace.step.collect;

import org.jspecify.annotations.NullMarked;
