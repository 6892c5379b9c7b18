#include "reports/progress.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

namespace audit::reports {
namespace {

double seconds(std::chrono::steady_clock::duration duration) { return std::chrono::duration<double>(duration).count(); }

std::size_t terminal_columns() {
  winsize size{};
  return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

}  // namespace

Progress::Progress(std::string what) : what_(std::move(what)), terminal_(isatty(STDERR_FILENO) != 0) {
  if (terminal_) {
    at(0);
  } else {
    fmt::print(stderr, "{} …\n", what_);
    drawn_ = start_;
  }
}

Progress::~Progress() {
  const double took = seconds(Clock::now() - start_);
  if (terminal_) fmt::print(stderr, "\r\x1b[K");
  fmt::print(stderr, "{}: {:.1f} s\n", what_, took);
}

void Progress::at(double fraction, const std::string& note) {
  const auto now = Clock::now();
  if (now - drawn_ < (terminal_ ? std::chrono::milliseconds(100) : std::chrono::seconds(20))) return;
  drawn_ = now;
  fraction = std::clamp(fraction, 0.0, 1.0);
  const double elapsed = seconds(now - start_);
  const std::string left =
      fraction > 0.02 ? fmt::format(", {:.0f} s left", elapsed * (1 - fraction) / fraction) : std::string();
  const std::string tail = fmt::format(" {:3.0f} %{}", 100 * fraction, left);
  if (!terminal_) {
    fmt::print(stderr, "{}:{}  {}\n", what_, tail, note);
    return;
  }
  constexpr int width = 30;
  std::string bar;
  for (int i = 0; i < width; ++i) bar += i < fraction * width ? "█" : "░";
  const std::string head = fmt::format("{:<22}", what_);
  const std::size_t used = 22 + 1 + width + tail.size() + 2, columns = terminal_columns();
  const std::string shown = used < columns ? note.substr(0, columns - used - 1) : std::string();
  fmt::print(stderr, "\r\x1b[K{} {}{}  {}", head, bar, tail, shown);
  std::fflush(stderr);
}

}  // namespace audit::reports
