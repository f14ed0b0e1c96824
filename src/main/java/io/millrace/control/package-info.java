/** Shows and steers runs from outside of their process. */
@NullMarked
package io.millrace.control;

import org.jspecify.annotations.NullMarked;
