@NullMarked
package io.millrace.step.hash;

import org.jspecify.annotations.NullMarked;
