#pragma once

#include <string>
#include <string_view>

namespace audit::reports {

/// The text with every byte that is not UTF-8 replaced by U+FFFD.
std::string utf8(std::string_view text);

/// On one line of plain text, whatever it holds: UTF-8, and control characters as spaces.
std::string one_line(std::string_view text);

/// How many lines a text of whole lines has.
std::size_t line_count(std::string_view text);

/// Text on one line that Markdown and the HTML in it leave alone, inside a table too.
std::string markdown_text(std::string_view text);

/// Text as code of Markdown: inside a longer fence of backticks than any that it holds. In a table a '|' would end the
/// cell, code or not: there it is escaped.
std::string markdown_code(std::string_view text);
std::string markdown_code_in_table(std::string_view text);

/// Text as one word of a shell's command line.
std::string shell_word(const std::string& text);

}  // namespace audit::reports
