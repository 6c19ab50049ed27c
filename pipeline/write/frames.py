"""Rows → pandas DataFrames, for notebooks."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pipeline.write.columns import columns

if TYPE_CHECKING:
    import pandas

# Types that know an empty place; a value as float is what numerical libraries want, the exact one is in the rows.
DTYPES = {str: "string", int: "Int64", bool: "boolean", Decimal: "Float64"}


def frame(row: type, rows: Iterable[Any]) -> pandas.DataFrame:
    """Give rows of one table as a DataFrame with the columns of the CSV file, each with its type."""
    import pandas

    held = list(rows)
    data = {}
    for column in columns(row):
        values = [getattr(item, column.attribute) for item in held]
        if column.type is Decimal:
            values = [None if value is None else float(value) for value in values]
        data[column.name] = pandas.Series(values, dtype=DTYPES[column.type])
    return pandas.DataFrame(data)
