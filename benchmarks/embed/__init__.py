"""One lead, in memory, decided now: mqldsl, hand-written Python and peers on the same leads, as ratios of one run."""
