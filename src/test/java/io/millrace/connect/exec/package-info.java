@NullMarked
package io.millrace.connect.exec;

import org.jspecify.annotations.NullMarked;
