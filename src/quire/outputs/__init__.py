"""Values become outputs: what a page, an export or another cell's markup can show."""
