#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "impls/catalogue.hpp"
#include "reference/cases.hpp"
#include "reference/oracle.hpp"
#include "reports/record.hpp"

namespace audit::properties {

/// What may be spent on a row: one of many that are drawn, one that stands for its length, or one that is all there is.
enum class Care { of_many, of_a_length, thorough };

/// What a law looks at: a target, a case, the exact answer to it, what the target answered, and the slack that its
/// claim (or, claiming nothing, numerics.md's expectation) leaves every element.
struct Evidence {
  const impls::Implementation& target;
  const reference::Case& question;
  const reference::Exact& exact;
  const impls::Answer& answer;
  const std::vector<impls::Bound>& slack;  ///< one an output element; empty for special rows
  Care care = Care::of_many;
  /// Whether the answer is one of several of a call: then what a row is to give among others has been asked.
  bool among_others = false;
};

/// A statement over (Implementation, Case): pure and deterministic, so that a case alone replays it. Whatever a law
/// needs beside the row (a shift, a permutation) it derives from the row's own bits.
struct Law {
  std::string_view name;
  std::string_view statement;
  std::string_view source;  ///< theorem or document
  std::string_view slack;   ///< the derivation of the slack, in a sentence
  bool special_rows;        ///< speaks of rows with NaN, +inf or nothing but masks; otherwise of finite and masked ones
  bool (*holds_for)(impls::Map map);
  /// Whether the law has something to say about this row; a row that it has nothing to say about was not tried.
  bool (*speaks_of)(const reference::Case& question);
  /// nullopt: kept. Otherwise what is wrong; target, replay and the like are filled in by check().
  std::optional<reports::Finding> (*broken)(const Evidence& evidence);
  /// What it binds only those that promise it (a bit of impls::Promise); 0: everyone.
  unsigned promise = 0;
  /// Whether it looks at an answer of which elements were not written; the others leave that to the one that does.
  bool of_unwritten = false;
  /// What trying it on a row costs beside the row, in entries asked: then few rows are tried, and shrinking ends
  /// sooner.
  std::size_t cost = 0;
  /// Whether it holds a target against the other functions of its library.
  bool of_libraries = false;
  /// Why it stands although no mutant needs it; empty where one dies of it alone.
  std::string_view stands{};
};

/// Every law, in a fixed order.
const std::vector<Law>& laws();
/// The one of this name, which there must be.
const Law& law_named(std::string_view name);

}  // namespace audit::properties
