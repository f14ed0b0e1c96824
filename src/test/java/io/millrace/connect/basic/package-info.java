@NullMarked
package io.millrace.connect.basic;

import org.jspecify.annotations.NullMarked;
