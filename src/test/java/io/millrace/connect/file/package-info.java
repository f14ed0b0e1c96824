@NullMarked
package io.millrace.connect.file;

import org.jspecify.annotations.NullMarked;
