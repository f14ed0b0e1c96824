/** One question a class; run by hand, last figures in the class's Javadoc. */
@NullMarked
package io.millrace.bench;

import org.jspecify.annotations.NullMarked;
