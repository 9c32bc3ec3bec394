"""What is wrong, or likely to be, in a notebook's text: rules with stable codes, findings with places, and fixes. Pure."""

from quire.check.model import Finding, Fix, Place, Rule
from quire.check.run import RULES, USUAL, apply_fixes, check_notebook, find_unknown, select_rules

__all__ = [
    "RULES",
    "USUAL",
    "Finding",
    "Fix",
    "Place",
    "Rule",
    "apply_fixes",
    "check_notebook",
    "find_unknown",
    "select_rules",
]
