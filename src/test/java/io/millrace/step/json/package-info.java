@NullMarked
package io.millrace.step.json;

import org.jspecify.annotations.NullMarked;
