"""The register of checks. A row is a sentence about the wire, its source, and a function."""

ROWS = []


class Row:
    def __init__(self, area, name, source, must, check):
        self.area, self.name, self.source, self.must, self.check = area, name, source, must, check


def add(area, name, source, check, must=True):
    ROWS.append(Row(area, name, source, must, check))


def row(area, name, source, must=True):
    """Registers the decorated function."""
    def register(check):
        add(area, name, source, check, must)
        return check
    return register


def equal(actual, expected):
    assert actual == expected, f"{actual!r}, not {expected!r}"
