"""Text as it was found: places in it, and findings about it. Drawing findings belongs to `front`."""
