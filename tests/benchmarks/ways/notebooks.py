"""Notebooks as text, without the libraries that know them."""

import json
from typing import Any

Cell = dict[str, Any]


def code(source: str, **metadata: Any) -> Cell:
    """A code cell that was not run."""
    return {
        "cell_type": "code",
        "execution_count": None,
        "metadata": metadata,
        "outputs": [],
        "source": source,
    }


def notebook(cells: list[Cell]) -> str:
    """A Python notebook of these cells."""
    numbered = [cell | {"id": f"cell-{number}"} for number, cell in enumerate(cells)]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return json.dumps(
        {
            "cells": numbered,
            "metadata": {"kernelspec": kernel, "language_info": {"name": "python"}},
            "nbformat": 4,
            "nbformat_minor": 5,
        },
        indent=1,
    )
