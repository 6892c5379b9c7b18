#pragma once

#include <map>
#include <string>
#include <vector>

#include "reports/record.hpp"

namespace audit::reports {

/// What some accuracy records of one function come to. Pointers are into the records.
struct PeerCell {
  const Record* worst = nullptr;                    ///< the largest abs(max_ulp)
  const Record* first_unnumbered = nullptr;         ///< that has a witness of an outcome without a number
  std::map<std::string, std::uint64_t> unnumbered;  ///< outcome without a number → elements
  std::uint64_t elements = 0;
  std::uint64_t rounded = 0;  ///< correctly

  void add(const Record& record);
  /// "+66.2, 12 flushed"
  [[nodiscard]] std::string text() const;
  /// "12 flushed"
  [[nodiscard]] std::string unnumbered_text() const;
  /// The command line that shows the largest error again, or the first outcome where nothing has a number.
  [[nodiscard]] std::string replay() const;
};

/// A function of a library in one format.
struct PeerRow {
  std::string function;
  std::string map;
  std::string format;
  PeerCell all;
  std::map<std::string, PeerCell> by_family;
};

struct PeerLibrary {
  std::string name;  ///< and version
  std::vector<PeerRow> rows;
  std::vector<std::string> families;  ///< that any of them was asked
};

/// The libraries that the accuracy records are of (Record::version), with their functions (what follows the last colon
/// of Record::target) in each format; everything in the order of the records.
std::vector<PeerLibrary> peer_libraries(const std::vector<Record>& records);

/// What was done, when and where, in a few sentences of plain text.
std::string peers_preface(const std::vector<Record>& records, const std::string& date);

/// The element that is so, added if there is none.
template <class List, class Is>
auto& found_or_added(List& list, Is is, typename List::value_type fresh) {
  for (auto& known : list)
    if (is(known)) return known;
  return list.emplace_back(std::move(fresh));
}

}  // namespace audit::reports
