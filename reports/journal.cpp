#include "reports/journal.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

namespace audit::reports {

Journal::Journal(const std::string& directory, const std::string& run, bool resume)
    : path_(directory + "/unfinished.jsonl") {
  std::string kept = run + "\n";
  if (std::ifstream old(path_, std::ios::binary); resume && old) {
    std::string line;
    std::getline(old, line);
    if (line != run)
      throw std::runtime_error(
          fmt::format("{}: of another run ({}); take the same options, or leave out --resume", path_, line));
    while (std::getline(old, line) && !old.eof()) {
      found_.push_back(from_line(line, path_));
      kept += line + "\n";
    }
  }
  file_ = std::fopen(path_.c_str(), "wb");
  if (!file_ || std::fwrite(kept.data(), 1, kept.size(), file_) != kept.size() || std::fflush(file_) != 0)
    throw std::runtime_error(
        fmt::format("{}: cannot be written ({}); give another --out", path_, std::strerror(errno)));
}

Journal::~Journal() {
  if (file_) std::fclose(file_);
}

void Journal::append(const std::vector<Record>& records) {
  std::string lines;
  for (const Record& record : records) lines += to_line(record) + "\n";
  if (std::fwrite(lines.data(), 1, lines.size(), file_) != lines.size() || std::fflush(file_) != 0)
    throw std::runtime_error(fmt::format("{}: cannot be written ({})", path_, std::strerror(errno)));
}

void Journal::finish() {
  std::fclose(file_);
  file_ = nullptr;
  std::remove(path_.c_str());
}

}  // namespace audit::reports
