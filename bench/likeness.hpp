#pragma once

#include <memory>
#include <string>
#include <vector>

#include "bench/accuracy.hpp"

namespace audit::bench {

/// What an audited target behaves like: the strongest of some bounds that it kept on every row it was asked. Tried are:
/// correctly rounded, faithful, and the claims of the catalogue's implementations of its map, each in its own domain.
class Likeness {
 public:
  explicit Likeness(const impls::Implementation& target);
  Likeness(const Likeness&) = delete;
  Likeness& operator=(const Likeness&) = delete;
  ~Likeness();

  /// Looks at what a sweep sees; from any thread.
  Seen seen();
  /// "behaves like stable: kept its bound (…) on all 1234 rows asked"; says so where nothing was kept, or nothing
  /// asked.
  [[nodiscard]] std::string in_words() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace audit::bench
