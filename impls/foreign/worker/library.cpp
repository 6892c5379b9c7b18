#include "impls/foreign/worker/library.hpp"

#include <dlfcn.h>
#include <elf.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <stdexcept>
#include <string_view>

namespace audit::impls::foreign::worker {
namespace {

struct Machine {
  unsigned char wordsize, byte_order;
  Elf64_Half architecture;
  friend bool operator==(const Machine&, const Machine&) = default;
};

/// What an ELF file is for; its header is alike in 32 and 64 bits as far as that goes.
Machine machine_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error(std::string("cannot be read: ") + std::strerror(errno));
  std::array<char, 20> start{};
  file.read(start.data(), start.size());
  if (!file || std::string_view(start.data(), SELFMAG) != ELFMAG)
    throw std::runtime_error("is no ELF shared object; give one that cc -shared made");
  Machine machine{};
  machine.wordsize = static_cast<unsigned char>(start[EI_CLASS]);
  machine.byte_order = static_cast<unsigned char>(start[EI_DATA]);
  std::memcpy(&machine.architecture, &start[18], sizeof machine.architecture);
  return machine;
}

/// dlerror without the path, which it mostly begins with.
std::string reason(const std::string& path) {
  const char* error = dlerror();
  const std::string text = error ? error : "unknown error";
  return text.starts_with(path + ": ") ? text.substr(path.size() + 2) : text;
}

}  // namespace

Library::Library(const std::string& path) : handle_(nullptr) {
  if (machine_of(path) != machine_of("/proc/self/exe"))
    throw std::runtime_error("is built for another architecture; build it for this machine");
  handle_ = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!handle_) throw std::runtime_error("cannot be loaded: " + reason(path));
}

void* Library::symbol(const std::string& name) const { return dlsym(handle_, name.c_str()); }

}  // namespace audit::impls::foreign::worker
