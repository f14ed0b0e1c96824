@NullMarked
package io.millrace.connect.tcp;

import org.jspecify.annotations.NullMarked;
