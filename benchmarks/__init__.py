"""What mqldsl costs, measured beside hand-written Python and beside other engines; run, never imported by it."""
