"""What a definition means before any lead is looked at: names resolved, types fixed, sugar removed."""
