@NullMarked
package io.millrace.connect.html;

import org.jspecify.annotations.NullMarked;
