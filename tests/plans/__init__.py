"""Invented plans, their edited versions, and what a comparison of the two has to find."""
