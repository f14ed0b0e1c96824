/** The step {@code html}: picks values out of a page by CSS selectors, with jsoup. */
@NullMarked
package io.millrace.connect.html;

import org.jspecify.annotations.NullMarked;
