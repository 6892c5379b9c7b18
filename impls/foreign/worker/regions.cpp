#include "impls/foreign/worker/regions.hpp"

#include <sys/mman.h>

#include <cerrno>
#include <system_error>

namespace audit::impls::foreign::worker {
namespace {

std::byte* check(void* mapped) {
  if (mapped == MAP_FAILED) throw std::system_error(errno, std::generic_category(), "mmap");
  return static_cast<std::byte*>(mapped);
}

/// The region between its guards; returns the start of the first one.
std::byte* map_guarded(const Region& region, int protection) {
  const std::size_t size = region.capacity + 2 * guard;
  std::byte* const start = check(mmap(nullptr, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0));
  check(mmap(start + guard, region.capacity, protection, MAP_SHARED | MAP_FIXED, memory_descriptor,
             static_cast<off_t>(region.offset)));
  return start;
}

template <class T>
T* pointer(const Control& control, Array array, std::uint64_t stretch) {
  const auto i = static_cast<std::size_t>(array);
  const Region& region = control.at_hand().regions[i];
  if (!region.present) return nullptr;
  return reinterpret_cast<T*>(region.base + region.first + stretch * control.stretch[i]);
}

}  // namespace

void Regions::Mapping::unmap() {
  if (start) munmap(start, capacity + 2 * guard);
  *this = {};
}

Regions::~Regions() {
  for (auto& of_try : mappings_)
    for (Mapping& mapping : of_try) mapping.unmap();
}

void Regions::map(Control& control) {
  for (std::size_t i = 0; i < arrays; ++i) {
    Region& region = control.at_hand().regions[i];
    Mapping& mapping = mappings_[control.at % most_tries][i];
    if (!region.present) continue;
    if (!mapping.start || mapping.offset != region.offset || mapping.capacity != region.capacity) {
      mapping.unmap();
      const bool writable = i == static_cast<std::size_t>(Array::y);
      mapping = {map_guarded(region, writable ? PROT_READ | PROT_WRITE : PROT_READ), region.offset, region.capacity};
    }
    region.base = reinterpret_cast<std::uint64_t>(mapping.start + guard);
  }
}

softmax_audit_call Regions::call(const Control& control, std::uint64_t stretch) {
  softmax_audit_call call{};
  call.size = sizeof call;
  for (std::size_t axis = 0; axis < 3; ++axis) {
    call.shape[axis] = control.shape[axis];
    call.x_stride[axis] = control.x_stride[axis];
    call.y_stride[axis] = control.y_stride[axis];
  }
  call.y = pointer<void>(control, Array::y, stretch);
  call.x = control.in_place ? call.y : pointer<const void>(control, Array::x, stretch);
  call.temperature = control.temperature;
  call.operand = pointer<const void>(control, Array::operand, stretch);
  call.target = pointer<const std::int64_t>(control, Array::target, stretch);
  call.tree = pointer<const std::int32_t>(control, Array::tree, stretch);
  return call;
}

}  // namespace audit::impls::foreign::worker
