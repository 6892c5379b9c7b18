#include "reports/text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "reports/json.hpp"

namespace audit::reports {

std::string utf8(std::string_view text) { return json::Json::parse(json::dump(text)).get<std::string>(); }

std::string one_line(std::string_view text) {
  std::string line = utf8(text);
  for (char& c : line) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  }
  return line;
}

std::size_t line_count(std::string_view text) { return static_cast<std::size_t>(std::ranges::count(text, '\n')); }

std::string markdown_text(std::string_view text) {
  std::string safe;
  for (const char c : one_line(text)) {
    if (std::string_view("\\`*_[]<>#|~&@").find(c) != std::string_view::npos) safe += '\\';
    safe += c;
  }
  return safe;
}

std::string markdown_code(std::string_view text) {
  const std::string line = one_line(text);
  std::string fence = "`";
  while (line.find(fence) != std::string::npos) fence += '`';
  return fmt::format("{0}{1}{2}{1}{0}", fence, fence.size() > 1 ? " " : "", line);
}

std::string markdown_code_in_table(std::string_view text) {
  std::string code;
  for (const char c : markdown_code(text)) code += c == '|' ? "\\|" : std::string(1, c);
  return code;
}

std::string shell_word(const std::string& text) {
  constexpr std::string_view plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=:,.@/";
  if (!text.empty() && text.find_first_not_of(plain) == std::string::npos) return text;
  std::string word = "'";
  for (const char c : text) word += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return word + "'";
}

}  // namespace audit::reports
