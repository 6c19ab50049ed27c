"""Totals → set against the places below, the areas inside and the yearly steps that make them up."""
