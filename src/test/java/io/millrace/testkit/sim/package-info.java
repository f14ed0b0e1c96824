/** A world in which several event loops run under a virtual clock, in an order that a seed decides. */
@NullMarked
package io.millrace.testkit.sim;

import org.jspecify.annotations.NullMarked;
