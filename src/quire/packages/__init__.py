"""Packages of a notebook: what its header asks for, which environment it has, and what changes that. Nothing is installed unasked."""
