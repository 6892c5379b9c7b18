#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <stdexcept>

#include "impls/foreign/worker/inside.hpp"

namespace audit::impls::foreign::worker {
namespace {

/// Beside this program where it is built, in lib/ where it is installed.
std::filesystem::path worker_py() {
  const auto here = std::filesystem::read_symlink("/proc/self/exe").parent_path();
  for (const char* directory : {"python", "../lib/softmax-audit/python"})
    if (auto file = here / directory / "worker.py"; std::filesystem::exists(file)) return file;
  throw std::runtime_error("needs worker.py, which is not beside softmax-audit-worker; install the suite again");
}

/// The one that SOFTMAX_AUDIT_PYTHON names, or the first in PATH.
std::string interpreter() {
  const char* named = std::getenv("SOFTMAX_AUDIT_PYTHON");
  return named && *named ? named : "python3";
}

}  // namespace

void become_python(const std::string& module, const std::string& function) {
  const std::string python = interpreter(), script = worker_py();
  execlp(python.c_str(), python.c_str(), script.c_str(), module.c_str(), function.c_str(), nullptr);
  throw std::runtime_error("needs " + python + ", which cannot be run (" + std::strerror(errno) +
                           "); install python3, or name another by SOFTMAX_AUDIT_PYTHON");
}

}  // namespace audit::impls::foreign::worker
