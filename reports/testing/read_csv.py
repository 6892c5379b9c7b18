"""read_csv.py FILE: a CSV file as a JSON array of its rows, read by Python's csv module at its strictest."""

import csv
import json
import sys

with open(sys.argv[1], encoding="utf-8", newline="") as file:
    print(json.dumps(list(csv.reader(file, strict=True))))
