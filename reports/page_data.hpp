#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "reports/record.hpp"
#include "reports/summary.hpp"

namespace audit::reports {

/// The row of a witness "CASE#ELEMENT" for people, in hex floats; "" where the text is no witness that can be rebuilt.
/// Handed over by the commands, as reports knows no rows.
using RowInHex = std::function<std::string(const std::string& witness)>;

/// What the scripts of the page read, as JSON: the records by column, {"columns": {key: column}} under the keys of
/// records.jsonl, less schema, version, build and machine. A column is an array of one value a record, null where it
/// has none, or, for texts and objects, {"values": [each once], "at": [index of a value, or null]}. `failing`: the
/// verdicts that fail; `copy`: the target that only copies.
std::string page_data(const std::vector<Record>& records);

/// The rows of the witnesses that the page can open, as JSON: witness → row in hex.
std::string page_rows(const std::vector<Record>& records, const RowInHex& row_in_hex);

/// Text in zlib's format (RFC 1950), in base64: what a browser unpacks by DecompressionStream("deflate").
std::string packed(std::string_view text);

}  // namespace audit::reports
