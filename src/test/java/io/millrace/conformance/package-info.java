/** What an asyncio program does, and the flow that stands for it does as well. */
@NullMarked
package io.millrace.conformance;

import org.jspecify.annotations.NullMarked;
