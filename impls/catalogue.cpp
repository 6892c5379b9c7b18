#include "impls/catalogue.hpp"

#include <algorithm>
#include <cstring>
#include <new>

#include "catalogue_entries.hpp"

namespace audit::impls {

const std::vector<Implementation>& catalogue() {
  static const std::vector<Implementation> all = [] {
    std::vector<Implementation> made;
    for (const Entry& entry : entries) {
      Implementation implementation = entry.make ? entry.make() : Implementation{};
      implementation.name = entry.name;
      implementation.absent = entry.absent;
      made.push_back(std::move(implementation));
    }
    return made;
  }();
  return all;
}

const Implementation* find(std::string_view name) {
  const auto& all = catalogue();
  const auto it = std::ranges::find(all, name, &Implementation::name);
  return it == all.end() ? nullptr : &*it;
}

namespace {

/// An array in a format's storage, on a cache line of its own.
class Packed {
 public:
  Packed(const Format& format, std::size_t size)
      : format_(format), size_(size), bytes_((size + 1) * format.bytes), memory_(::operator new(bytes_, alignment)) {}
  Packed(const Packed&) = delete;
  Packed& operator=(const Packed&) = delete;
  ~Packed() { ::operator delete(memory_, alignment); }

  void* data() { return memory_; }
  void set(std::size_t i, std::uint64_t bits) { store_bits(format_, bits, memory_, i); }
  [[nodiscard]] std::uint64_t bits(std::size_t i) const { return load_bits(format_, memory_, i); }

  void pack(const std::vector<double>& values) {
    for (std::size_t i = 0; i < size_; ++i) set(i, encode(format_, values[i]));
  }
  [[nodiscard]] bool holds(const std::vector<double>& values) const {
    for (std::size_t i = 0; i < size_; ++i)
      if (bits(i) != encode(format_, values[i])) return false;
    return true;
  }

 private:
  static constexpr std::align_val_t alignment{64};
  const Format& format_;
  std::size_t size_;
  std::size_t bytes_;
  void* memory_;
};

}  // namespace

Answer ask(const Implementation& implementation, const Format& format, const Row& row) {
  const std::size_t n = row.x.size();
  const std::size_t outputs = traits(implementation.map).one_number_out ? 1 : n;
  Packed x(format, n), y(format, outputs), operand(format, row.operand.size());
  x.pack(row.x);
  operand.pack(row.operand);
  for (std::size_t i = 0; i < outputs; ++i) y.set(i, poison(format));

  Call call;
  call.shape = {1, n, 1};
  call.x = x.data();
  call.x_stride = {static_cast<std::ptrdiff_t>(n), 1, 1};
  call.y = y.data();
  call.y_stride = {static_cast<std::ptrdiff_t>(outputs), 1, 1};
  call.temperature = row.temperature;
  call.operand = row.operand.empty() ? nullptr : operand.data();

  Answer answer;
  answer.status = implementation.prepare(format, call.shape)(call);
  for (std::size_t i = 0; i < outputs; ++i) {
    answer.y.push_back(decode(format, y.bits(i)));
    answer.written.push_back(y.bits(i) != poison(format));
  }
  answer.input_changed = !x.holds(row.x) || !operand.holds(row.operand);
  return answer;
}

}  // namespace audit::impls
