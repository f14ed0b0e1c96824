/** Steps that are Java classes in jars of the plugins folder. */
@NullMarked
package io.millrace.connect.jar;

import org.jspecify.annotations.NullMarked;
