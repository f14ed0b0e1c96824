package io.millrace.ledger;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Which run is wanted. Flow and params name it.
 *
 * @param params hash of the params' values
 * @param shape what must not change while the run is unfinished, as the engine describes and compares it; kept for a run that begins
 * @param fresh to begin a new run in any case; an unfinished one is cancelled
 * @param shared whether several processes may run it at once
 */
public record RunRequest(String flow, String params, ObjectNode shape, boolean fresh, boolean shared) {}
