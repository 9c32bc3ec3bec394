"""A notebook with its outputs, written down: a page that stands for itself, or a file of another format. Pure."""
