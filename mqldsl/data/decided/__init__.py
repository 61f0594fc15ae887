"""All leads decided at once: by one query inside the process, or lead by lead where no query says it exactly."""
