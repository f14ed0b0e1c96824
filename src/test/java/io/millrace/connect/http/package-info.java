@NullMarked
package io.millrace.connect.http;

import org.jspecify.annotations.NullMarked;
