/** Finds components, and writes what their declarations say: JSON Schema and reference pages. */
@NullMarked
package io.millrace.catalog;

import org.jspecify.annotations.NullMarked;
