#include "reports/provenance.hpp"

#include <fmt/format.h>
#include <gnu/libc-version.h>

#include <fstream>

#include "build_info.hpp"

namespace audit::reports {
namespace {

std::string cpu_model() {
  std::ifstream info("/proc/cpuinfo");
  for (std::string line; std::getline(info, line);)
    if (line.starts_with("model name"))
      if (const auto colon = line.find(": "); colon != std::string::npos) return line.substr(colon + 2);
  return "unknown";
}

std::string instruction_set() {
#if defined(__x86_64__)
  std::string isa = "x86_64";
  if (__builtin_cpu_supports("fma")) isa += " fma";
  if (__builtin_cpu_supports("avx2")) isa += " avx2";
  if (__builtin_cpu_supports("avx512f")) isa += " avx512f";
  return isa;
#elif defined(__aarch64__)
  return "aarch64";
#else
  return "unknown";
#endif
}

}  // namespace

Build this_build() {
#if defined(__clang__)
  const std::string compiler = fmt::format("clang {}.{}.{}", __clang_major__, __clang_minor__, __clang_patchlevel__);
#else
  const std::string compiler = fmt::format("gcc {}.{}.{}", __GNUC__, __GNUC_MINOR__, __GNUC_PATCHLEVEL__);
#endif
  return {compiler, build_flags, build_commit};
}

Machine this_machine() { return {cpu_model(), instruction_set(), fmt::format("glibc {}", gnu_get_libc_version())}; }

}  // namespace audit::reports
