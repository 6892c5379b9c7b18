#pragma once

#include <cstdio>
#include <string>
#include <vector>

#include "reports/record.hpp"

namespace audit::reports {

/// What an unfinished run has measured so far: DIR/unfinished.jsonl, a line that says what run it is, then records as
/// they come. It is there while the run goes on, and after it was stopped, for --resume.
class Journal {
 public:
  /// Opens it, keeping what is there when `resume`. Throws std::runtime_error when it cannot be written, or when it is
  /// of another run (`run` says which one this is).
  Journal(const std::string& directory, const std::string& run, bool resume);
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;
  ~Journal();

  /// What was there: whole lines only, a torn last one is dropped.
  [[nodiscard]] const std::vector<Record>& found() const { return found_; }
  /// Appends records, and hands them to the system before it returns.
  void append(const std::vector<Record>& records);
  /// The run is finished: removes the file.
  void finish();

 private:
  std::string path_;
  std::vector<Record> found_;
  std::FILE* file_ = nullptr;
};

}  // namespace audit::reports
