/** The composition root: the only package that sees every room. */
@NullMarked
package io.millrace;

import org.jspecify.annotations.NullMarked;
