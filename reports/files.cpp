#include "reports/files.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <stdexcept>

namespace audit::reports {
namespace {

/// Writes all of it and has the system confirm that; false leaves the reason in errno.
bool put(int file, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = write(file, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return fsync(file) == 0;
}

}  // namespace

void write_whole(const std::string& path, std::string_view text) {
  const auto fail = [&path](int reason) {
    throw std::runtime_error(fmt::format("{}: cannot be written: {}", path, std::strerror(reason)));
  };
  const std::string temporary = fmt::format("{}.{}.tmp", path, getpid());
  const int file = open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (file < 0) fail(errno);
  int reason = put(file, text) ? 0 : errno;
  if (close(file) != 0 && reason == 0) reason = errno;
  if (reason == 0 && std::rename(temporary.c_str(), path.c_str()) != 0) reason = errno;
  if (reason != 0) {
    unlink(temporary.c_str());
    fail(reason);
  }
}

}  // namespace audit::reports
