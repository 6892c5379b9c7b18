#include "impls/foreign/shared_memory.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <bit>
#include <cerrno>
#include <system_error>

namespace audit::impls::foreign {
namespace {

/// Of a region: a multiple of every page size in use.
constexpr std::size_t least_capacity = 65536;

[[noreturn]] void fail(const char* what) { throw std::system_error(errno, std::generic_category(), what); }

std::byte* map(int descriptor, std::size_t offset, std::size_t bytes) {
  void* mapped = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, static_cast<off_t>(offset));
  if (mapped == MAP_FAILED) fail("shared memory cannot be mapped");
  return static_cast<std::byte*>(mapped);
}

int create() {
  const int descriptor = memfd_create("softmax-audit", MFD_CLOEXEC);
  if (descriptor < 0) fail("no shared memory");
  if (ftruncate(descriptor, regions_offset) != 0) fail("no shared memory");
  return descriptor;
}

}  // namespace

SharedMemory::SharedMemory() : descriptor_(create()), header_(map(descriptor_, 0, regions_offset)) {
  own_.version = protocol_version;
  own_.program = getpid();
  publish();
}

void SharedMemory::publish() { shared() = own_; }

void SharedMemory::collect() {
  const Control& theirs = shared();
  own_.at = theirs.at;
  for (std::size_t i = 0; i < most_tries; ++i) {
    own_.tries[i].status = theirs.tries[i].status;
    own_.tries[i].changed = theirs.tries[i].changed;
    for (std::size_t j = 0; j < arrays; ++j) own_.tries[i].regions[j].base = theirs.tries[i].regions[j].base;
  }
  own_.seconds = theirs.seconds;
  own_.signal = theirs.signal;
  own_.access = theirs.access;
  own_.address = theirs.address;
  own_.message = theirs.message;
  own_.message.back() = 0;
}

std::uint32_t SharedMemory::at() const { return std::atomic_ref(shared().at).load(); }

SharedMemory::~SharedMemory() {
  unmap_regions();
  munmap(header_, regions_offset);
  close(descriptor_);
}

void SharedMemory::unmap_regions() {
  if (regions_) munmap(regions_, regions_bytes_);
  regions_ = nullptr;
}

void SharedMemory::reserve(const std::array<std::size_t, arrays>& bytes) {
  bool fits = regions_ != nullptr;
  for (std::size_t i = 0; i < arrays; ++i) fits = fits && bytes[i] <= own_.tries[0].regions[i].capacity;
  if (fits) return;
  unmap_regions();
  std::size_t end = regions_offset;
  for (Try& attempt : own_.tries) {
    for (std::size_t i = 0; i < arrays; ++i) {
      Region& region = attempt.regions[i];
      region.capacity = std::max({std::bit_ceil(bytes[i]), least_capacity, std::size_t{region.capacity}});
      region.offset = end;
      end += region.capacity;
    }
  }
  if (ftruncate(descriptor_, static_cast<off_t>(end)) != 0) fail("shared memory cannot grow");
  regions_bytes_ = end - regions_offset;
  regions_ = map(descriptor_, regions_offset, regions_bytes_);
}

std::byte* SharedMemory::array(const Region& region) const {
  return regions_ + (region.offset - regions_offset) + region.first;
}

}  // namespace audit::impls::foreign
