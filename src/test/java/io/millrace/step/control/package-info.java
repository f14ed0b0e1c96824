@NullMarked
package io.millrace.step.control;

import org.jspecify.annotations.NullMarked;
