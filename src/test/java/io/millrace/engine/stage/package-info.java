@NullMarked
package io.millrace.engine.stage;

import org.jspecify.annotations.NullMarked;
