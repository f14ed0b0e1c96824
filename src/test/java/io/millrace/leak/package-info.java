/** What cancelled items leave behind: nothing. */
@NullMarked
package io.millrace.leak;

import org.jspecify.annotations.NullMarked;
