/** Steps that say what runs, when and where: {@code do switch gather each race repeat call lock cache emit sleep log raise}. */
@NullMarked
package io.millrace.step.control;

import org.jspecify.annotations.NullMarked;
