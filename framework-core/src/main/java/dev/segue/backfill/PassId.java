package dev.segue.backfill;

import dev.segue.lifecycle.Side;

/** Which pass: of one change, to prove one side, in one epoch. */
record PassId(String change, Side side, long epoch) {}
