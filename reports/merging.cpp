#include "reports/merging.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <stdexcept>
#include <tuple>

#include "reports/difference.hpp"
#include "reports/gate_key.hpp"
#include "reports/text.hpp"

namespace audit::reports {
namespace {

bool seeded(const Record& record) { return record.kind == "accuracy" || record.kind == "law"; }

[[noreturn]] void refuse(const Part& part, const Part& other, const std::string& what) {
  throw std::runtime_error(one_line(fmt::format("{}: {}; compare them by '{} report {} {}'", part.name, what,
                                                program_name(), shell_word(other.name), shell_word(part.name))));
}

/// Where each known record is from.
struct Known {
  const Part* part;
  std::size_t at;  ///< its place among the merged
};

/// What identifies a record among the merged: as an entry, its cache, what it was compared with, or why it is absent.
auto identity(const Record& record) {
  return std::tuple(key(entry_of(record)), record.cache, record.comparison ? record.comparison->versus : "",
                    record.absent);
}

/// Whether two records of a key say the same, wherever they were made.
bool same(const Record& a, Record b) {
  b.build = a.build;
  b.machine = a.machine;
  return to_line(a) == to_line(b);
}

class Merger {
 public:
  void add(const Part& part) {
    if (timed_ == nullptr && std::ranges::any_of(part.records, is_time)) timed_ = &part;
    std::size_t left_out = 0;
    for (const Record& record : part.records) {
      hold_to_the_first(part, record);
      if (is_time(record) && timed_ != &part) {
        ++left_out;
      } else {
        add(part, record);
      }
    }
    if (left_out > 0) {
      merged_.notes.push_back(
          fmt::format("{}: its {} times are left out: times compare within one run only, and {} "
                      "has some",
                      part.name, left_out, timed_->name));
    }
  }

  Merged result() {
    std::set<std::string> measured;
    for (const Record& record : merged_.records) {
      if (record.absent.empty()) measured.insert(record.target);
    }
    std::erase_if(merged_.records,
                  [&](const Record& record) { return !record.absent.empty() && measured.contains(record.target); });
    return std::move(merged_);
  }

 private:
  /// A wrong answer has no time, and a comparison was made within its own run: neither is ever left out.
  static bool is_time(const Record& record) { return record.kind == "speed" && record.ns_median && !record.comparison; }

  void hold_to_the_first(const Part& part, const Record& record) {
    if (first_ == nullptr) {
      first_ = &part;
      platform_ = platform(record);
    }
    if (platform(record) != platform_) {
      refuse(part, *first_,
             fmt::format("of another platform ({}) than {} ({}), where figures differ rightly",
                         describe(platform(record)), first_->name, describe(platform_)));
    }
    if (!seeded(record)) return;
    if (seed_part_ == nullptr) {
      seed_part_ = &part;
      seed_ = record.seed;
    }
    if (record.seed != seed_) {
      refuse(part, *seed_part_, fmt::format("of seed {}, where {} has {}", record.seed, seed_part_->name, seed_));
    }
  }

  void add(const Part& part, const Record& record) {
    const auto [at, fresh] = known_.emplace(identity(record), Known{&part, merged_.records.size()});
    if (fresh) {
      merged_.records.push_back(record);
      return;
    }
    const Record& known = merged_.records[at->second.at];
    if (same(known, record)) return;
    const std::string what = difference(entry_of(known), entry_of(record)).detail;
    refuse(part, *at->second.part,
           fmt::format("its {} record of {} differs from that of {}{}", record.kind, describe(key(entry_of(record))),
                       at->second.part->name, what.empty() ? "" : ": " + what));
  }

  const Part* first_ = nullptr;
  const Part* seed_part_ = nullptr;
  const Part* timed_ = nullptr;
  Platform platform_;
  std::uint64_t seed_ = 0;
  std::map<decltype(identity(Record{})), Known> known_;
  Merged merged_;
};

}  // namespace

Merged merge(const std::vector<Part>& parts) {
  Merger merger;
  for (const Part& part : parts) merger.add(part);
  return merger.result();
}

}  // namespace audit::reports
