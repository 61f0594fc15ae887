"""From a model and one lead's facts to a decision: the meaning, in several speeds."""
