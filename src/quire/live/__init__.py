"""What a cell may ask of the notebook it runs in: `stop`, `state`, `output`, and what it wants to know about itself.

Everything here works in scripts and tests too, where nobody looks and nothing runs again.
"""
