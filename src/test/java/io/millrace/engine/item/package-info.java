@NullMarked
package io.millrace.engine.item;

import org.jspecify.annotations.NullMarked;
