#include "reports/text.hpp"

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

}  // namespace audit::reports
