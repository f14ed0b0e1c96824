/** Doubles of the engine's side of the component contract, for tests of single components. */
@NullMarked
package io.millrace.testkit;

import org.jspecify.annotations.NullMarked;
