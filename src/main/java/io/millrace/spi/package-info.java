/**
 * The contract of components: what the author of a step, source, sink or resource needs, and all that they may see.
 *
 * <p>A component declares itself once, as a {@link io.millrace.spi.Spec} made of {@link io.millrace.spi.Field}s. Parsing,
 * checking, the JSON Schema, the reference page and the wording of errors all come from that declaration.
 */
@NullMarked
package io.millrace.spi;

import org.jspecify.annotations.NullMarked;
