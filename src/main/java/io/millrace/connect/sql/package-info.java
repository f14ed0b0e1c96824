/** PostgreSQL: the resource {@code postgres}; {@code sql} as step, source and sink. */
@NullMarked
package io.millrace.connect.sql;

import org.jspecify.annotations.NullMarked;
