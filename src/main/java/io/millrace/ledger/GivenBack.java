package io.millrace.ledger;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A claimed row that is to be claimed again.
 *
 * @param delay before anybody may
 * @param attemptCounts false: as if this claim had not been
 * @param meta in the place of what it had; null leaves that
 */
public record GivenBack(
        long id,
        Duration delay,
        boolean attemptCounts,
        @Nullable ObjectNode meta) {}
