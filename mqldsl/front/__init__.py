"""Where people meet the product: what the other rooms found is shown, nothing is decided here."""
