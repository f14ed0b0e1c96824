package io.millrace.ledger;

import java.time.Instant;

/** A dead letter in the store. */
public record KeptLetter(long id, long run, Instant at, DeadLetter letter) {}
