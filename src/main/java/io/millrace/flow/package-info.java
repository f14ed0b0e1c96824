/** The flow language: its model, its reader and its checks. */
@NullMarked
package io.millrace.flow;

import org.jspecify.annotations.NullMarked;
