/**
 * jq and templates. Text is parsed here into a {@link io.millrace.expr.Ast}, checked (names, variables, what it reads), and lowered onto
 * jackson-jq's expressions, of which those are replaced that differ from jq 1.7 or lose digits.
 */
@NullMarked
package io.millrace.expr;

import org.jspecify.annotations.NullMarked;
