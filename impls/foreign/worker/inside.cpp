#include "impls/foreign/worker/inside.hpp"

#include <algorithm>
#include <stdexcept>
#include <string_view>

namespace audit::impls::foreign::worker {

std::unique_ptr<Inside> open(const std::vector<std::string>& arguments) {
  if (arguments.size() == 2 && arguments[0] == "plugin") return open_plugin(arguments[1]);
  if (arguments.size() == 3 && arguments[0] == "symbol") return open_symbol(arguments[1], arguments[2]);
  if (arguments.size() == 3 && arguments[0] == "python") become_python(arguments[1], arguments[2]);
  throw std::runtime_error("is of no kind that this worker knows; it and the program are of different versions");
}

void put(std::span<char> field, const char* text, const std::string& what) {
  if (!text) throw std::runtime_error(what + " is NULL; say it");
  const std::string_view copied(text);
  if (copied.size() >= field.size())
    throw std::runtime_error(what + " has " + std::to_string(copied.size()) + " bytes; at most " +
                             std::to_string(field.size() - 1) + " can be told");
  std::ranges::copy(copied, field.begin());
  field[copied.size()] = '\0';
}

}  // namespace audit::impls::foreign::worker
