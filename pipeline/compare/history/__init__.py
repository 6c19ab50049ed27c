"""Many records → the history of an indicator: points, series, what may be compared."""
