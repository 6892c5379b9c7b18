#pragma once

#include <mutex>
#include <vector>

#include "commands/common.hpp"

namespace audit::commands {

/// What a sweep shows of targets that claim nothing: for each format the shortest row beyond what is expected of them
/// (properties/expected.hpp), which the sweep, that holds claims, says nothing about.
class Unclaimed {
 public:
  /// Looks at every answer.
  bench::Seen seen();
  /// Adds what was found to the records of the law that it breaks.
  void report(Records& records) const;

 private:
  void look(const impls::Implementation& target, const reference::Case& question, const reference::Exact& exact,
            bench::Trial trial);
  struct Found {
    const impls::Implementation* target;
    impls::Format format;
    std::size_t n;
    reports::Finding finding;
  };
  std::mutex mutex_;
  std::vector<Found> all_;
};

}  // namespace audit::commands
