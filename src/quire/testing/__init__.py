"""pytest for notebooks: what it collects, and what has to run for a test. Only pytest loads this."""
