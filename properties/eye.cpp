#include "properties/eye.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <stdexcept>

// properties/mutants/eye.tsv, embedded by CMake.
extern "C" {
extern const char audit_eye_tsv[], audit_eye_tsv_end[];
}

namespace audit::properties {
namespace {

constexpr std::array<std::string_view, 3> ways{"law", "own rows", "our rows"};

/// Takes what stands before the next separator, and that, off a text.
std::string_view cut(std::string_view& text, char separator) {
  const std::string_view head = text.substr(0, text.find(separator));
  text.remove_prefix(std::min(text.size(), head.size() + 1));
  return head;
}

bool kills(const Sight& sight) { return sight.by == Sight::By::law && !sight.row.empty(); }

}  // namespace

std::string to_line(const Sight& sight) {
  return fmt::format("{}\t{}\t{}\t{}\t{}\t{}", sight.target, sight.map, sight.honest ? "honest" : "mutant",
                     ways[static_cast<std::size_t>(sight.by)], sight.judge, sight.row.empty() ? "lives" : sight.row);
}

Sight sight_of(std::string_view line) {
  std::string_view rest = line;
  Sight sight;
  sight.target = cut(rest, '\t');
  sight.map = cut(rest, '\t');
  sight.honest = cut(rest, '\t') == "honest";
  const auto* way = std::ranges::find(ways, cut(rest, '\t'));
  sight.judge = cut(rest, '\t');
  sight.row = rest == "lives" ? "" : rest;
  if (way == ways.end() || rest.empty())
    throw std::invalid_argument(fmt::format("eye.tsv: '{}' is no line of six columns; write it anew", line));
  sight.by = static_cast<Sight::By>(way - ways.begin());
  return sight;
}

const std::vector<Sight>& eye() {
  static const std::vector<Sight> all = [] {
    std::vector<Sight> made;
    std::string_view rest(audit_eye_tsv, static_cast<std::size_t>(audit_eye_tsv_end - audit_eye_tsv));
    while (!rest.empty())
      if (const auto line = cut(rest, '\n'); !line.starts_with('#')) made.push_back(sight_of(line));
    return made;
  }();
  return all;
}

std::vector<std::string> killed_by(std::string_view law) {
  std::vector<std::string> killed;
  for (const Sight& sight : eye())
    if (kills(sight) && sight.judge == law) killed.push_back(sight.target);
  return killed;
}

std::vector<std::string> killed_by_it_alone(std::string_view law) {
  std::vector<std::string> killed = killed_by(law);
  std::erase_if(killed, [&](const std::string& mutant) {
    return std::ranges::any_of(
        eye(), [&](const Sight& sight) { return kills(sight) && sight.target == mutant && sight.judge != law; });
  });
  return killed;
}

}  // namespace audit::properties
