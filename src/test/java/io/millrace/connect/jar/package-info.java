@NullMarked
package io.millrace.connect.jar;

import org.jspecify.annotations.NullMarked;
