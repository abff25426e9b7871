"""Writes the schema of the report model to the files that are named."""

from __future__ import annotations

import sys
from pathlib import Path

from orgnet_reports.schema import schema_text

if __name__ == "__main__":
    for name in sys.argv[1:]:
        Path(name).write_text(schema_text(), encoding="utf-8", newline="\n")
