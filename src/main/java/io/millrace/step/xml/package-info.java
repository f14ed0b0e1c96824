/** The step {@code xml}: XML as a JSON value. */
@NullMarked
package io.millrace.step.xml;

import org.jspecify.annotations.NullMarked;
