package io.millrace.engine.durable;

import io.millrace.engine.stage.RunControl;
import io.millrace.ledger.LedgerRun;

/**
 * Where a durable run is kept.
 *
 * @param host this machine, as file marks name it
 */
record Books(LedgerRun run, String host, Letters letters, RunControl control) {}
