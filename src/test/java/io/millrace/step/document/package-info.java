@NullMarked
package io.millrace.step.document;

import org.jspecify.annotations.NullMarked;
