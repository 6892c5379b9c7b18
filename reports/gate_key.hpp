#pragma once

#include <cstddef>
#include <string>
#include <tuple>

#include "reports/gate.hpp"

namespace audit::reports {

/// What identifies an entry: kind, target, map, format, family, n.
using Key = std::tuple<std::string, std::string, std::string, std::string, std::string, std::size_t>;

Key key(const Entry& entry);
/// "stable softmax f32 wide n=1024", or "stable softmax f32 law range".
std::string describe(const Key& key);

Entry entry_of(const Record& record);
/// Whether a baseline has an entry for such a record.
bool has_entry(const Record& record);

}  // namespace audit::reports
