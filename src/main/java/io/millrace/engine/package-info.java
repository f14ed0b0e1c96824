/** Runs flows: deploys stages as verticles, moves items under credits, keeps account of every root. */
@NullMarked
package io.millrace.engine;

import org.jspecify.annotations.NullMarked;
