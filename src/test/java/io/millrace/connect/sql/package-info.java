@NullMarked
package io.millrace.connect.sql;

import org.jspecify.annotations.NullMarked;
