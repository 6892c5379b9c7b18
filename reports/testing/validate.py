"""validate.py SCHEMA FILE…: holds JSON files against a JSON Schema, each line of a .jsonl file by itself.

Prints "FILE:LINE: what is wrong" for each document that the schema refuses; exit status 1 where there is one.
"""

import json
import pathlib
import sys

from jsonschema import RefResolver, validators


def documents(path):
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines() if path.suffix == ".jsonl" else [text]
    return enumerate((json.loads(line) for line in lines), start=1)


def main(schema_file, *files):
    schema_file = pathlib.Path(schema_file).resolve()
    schema = json.loads(schema_file.read_text(encoding="utf-8"))
    kind = validators.validator_for(schema)
    kind.check_schema(schema)
    validator = kind(schema, resolver=RefResolver(kind.ID_OF(schema) or schema_file.as_uri(), schema))
    refused = 0
    for file in map(pathlib.Path, files):
        for number, document in documents(file):
            error = next(iter(validator.iter_errors(document)), None)
            if error is not None:
                refused += 1
                print(f"{file.name}:{number}: {error.json_path}: {error.message}"[:600])
    return refused > 0


sys.exit(main(*sys.argv[1:]))
