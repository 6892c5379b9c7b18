#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "bench/batch.hpp"
#include "bench/tally.hpp"

namespace audit::bench {

/// What one call on a batch gave.
struct Verified {
  bool supported = true;                  ///< false: the kernel said that it does not do this call
  std::optional<reports::Finding> wrong;  ///< why the answer is no answer
};

/// Holds the answers to a batch against the exact ones, in up to four rows: the first, the last, and between. Certifies
/// a row once for all targets of a map.
class Verifier {
 public:
  explicit Verifier(Batch& batch);

  /// Runs the call of `target` once. Wrong is an answer beyond the claim, an element that has no number where nothing
  /// is claimed, and a changed input, which is mended.
  Verified run(const impls::Implementation& target, const std::function<int()>& call);

 private:
  struct Question {
    reference::Case asked;
    reference::Exact exact;
  };
  const Question& question(impls::Map map, std::size_t row);
  std::optional<reports::Finding> wrong_row(const impls::Implementation& target, std::size_t row);

  Batch& batch_;
  std::set<std::size_t> rows_;
  std::map<std::pair<impls::Map, std::size_t>, Question> questions_;
};

}  // namespace audit::bench
