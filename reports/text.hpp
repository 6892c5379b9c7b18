#pragma once

#include <string>
#include <string_view>

namespace audit::reports {

/// The text with every byte that is not UTF-8 replaced by U+FFFD.
std::string utf8(std::string_view text);

/// On one line of plain text, whatever it holds: UTF-8, and control characters as spaces.
std::string one_line(std::string_view text);

}  // namespace audit::reports
