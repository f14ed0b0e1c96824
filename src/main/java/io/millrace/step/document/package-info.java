/** Steps over the document: {@code map set filter split collect}. */
@NullMarked
package io.millrace.step.document;

import org.jspecify.annotations.NullMarked;
