"""What data holds, beside what a definition asks of it."""
